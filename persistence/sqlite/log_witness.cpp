#include "persistence/sqlite/log_witness.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "persistence/sqlite/log_format.h"

namespace fermata::sqlite {
namespace {

constexpr off_t generation_at = 12;  // how often the log was started anew, then two random salts
constexpr std::size_t salt_in_generation = 4;
constexpr off_t record_at = 256;  // behind the text for people
constexpr std::array<char, 8> record_magic{'F', 'M', 'T', 'A', 'L', 'O', 'G', '1'};

using Record = LogWitness::Record;

std::uint32_t number_at(const unsigned char* bytes, bool big_endian) {
  std::uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | bytes[big_endian ? i : 3 - i];
  return number;
}

/// SQLite's running checksum over 8-byte steps.
struct Checksum {
  std::uint32_t first = 0, second = 0;
  void add(const unsigned char* bytes, std::size_t size, bool big_endian) {
    for (std::size_t i = 0; i + 8 <= size; i += 8) {
      first += number_at(bytes + i, big_endian) + second;
      second += number_at(bytes + i + 4, big_endian) + first;
    }
  }
  [[nodiscard]] bool matches(const unsigned char* stored) const { return first == number_at(stored, true) && second == number_at(stored + 4, true); }
};

/// Frames from the start of the log whose checksums hold, up to `wanted`; -1: the log was started anew since the record was written (then
/// all of the old one had been copied into the database and synced, and nothing is asked of it).
std::int64_t valid_frames(int log, const Record& record, std::uint32_t wanted) {
  std::array<unsigned char, log_header_bytes> header{};
  if (pread(log, header.data(), header.size(), 0) != static_cast<ssize_t>(header.size())) return 0;
  if (!std::equal(record.generation.begin(), record.generation.end(), header.begin() + generation_at)) return -1;
  const bool big_endian = (header[3] & 1) != 0;
  const std::size_t page_size = number_at(&header[8], true);  // any that SQLite knows: the file is not trusted
  if (page_size < 512 || page_size > 65536) return 0;
  Checksum sum;
  sum.add(header.data(), 24, big_endian);
  if (!sum.matches(&header[24])) return 0;
  std::vector<unsigned char> frame(frame_header_bytes + page_size);
  for (std::uint32_t count = 0; count < wanted; ++count) {
    const auto at = static_cast<off_t>(log_header_bytes + count * frame.size());
    if (pread(log, frame.data(), frame.size(), at) != static_cast<ssize_t>(frame.size())) return count;
    sum.add(frame.data(), 8, big_endian);
    sum.add(frame.data() + frame_header_bytes, page_size, big_endian);
    if (!std::equal(record.generation.begin() + salt_in_generation, record.generation.end(), frame.begin() + 8) || !sum.matches(&frame[16])) return count;
  }
  return wanted;
}

bool read_record(const std::string& owner_path, Record& record) {
  const int file = open(owner_path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const ssize_t got = pread(file, &record, sizeof record, record_at);
  close(file);
  return got == static_cast<ssize_t>(sizeof record) && record.magic == record_magic && record.check == ~record.frames;
}

}  // namespace

Result<void> LogWitness::check(const std::string& database_path) {
  Record record;
  if (!read_record(database_path + ".owner", record) || record.frames == 0) return {};
  const std::string log_path = database_path + "-wal";
  const int log = open(log_path.c_str(), O_RDONLY | O_CLOEXEC);
  const std::int64_t valid = log < 0 ? 0 : valid_frames(log, record, record.frames);
  if (log >= 0) close(log);
  if (valid < 0 || valid >= static_cast<std::int64_t>(record.frames)) return {};
  return fail(ErrorCode::data_loss, log_path + (log < 0 ? " is missing" : " is cut off or damaged") + ": the last session committed " +
                                        std::to_string(record.frames) + " pages to it, " + std::to_string(valid) +
                                        " are there. Nothing was changed. Put the log back or restore a backup; to go on without the lost commits, delete " +
                                        database_path + ".owner");
}

LogWitness::LogWitness(const std::string& database_path)
    : log_path_(database_path + "-wal"), owner_file_(open((database_path + ".owner").c_str(), O_RDWR | O_CLOEXEC)) {}

LogWitness::LogWitness(LogWitness&& other) noexcept
    : log_path_(std::move(other.log_path_)), owner_file_(std::exchange(other.owner_file_, -1)), log_file_(std::exchange(other.log_file_, -1)) {}

LogWitness& LogWitness::operator=(LogWitness&& other) noexcept {
  std::swap(log_path_, other.log_path_);
  std::swap(owner_file_, other.owner_file_);
  std::swap(log_file_, other.log_file_);
  return *this;
}

LogWitness::~LogWitness() {
  if (log_file_ >= 0) close(log_file_);
  if (owner_file_ >= 0) close(owner_file_);
}

LogWitness::Record LogWitness::record_of(int frames) {
  // SQLite takes no locks on its log, so a descriptor of ours on it does no harm.
  if (log_file_ < 0) log_file_ = open(log_path_.c_str(), O_RDONLY | O_CLOEXEC);
  const auto count = static_cast<std::uint32_t>(frames);
  Record record{record_magic, {}, count, ~count};
  const bool known = log_file_ >= 0 && pread(log_file_, record.generation.data(), record.generation.size(), generation_at) == 12;
  return known ? record : Record{};
}

void LogWitness::keep(const Record& record) {
  if (owner_file_ < 0 || record.magic != record_magic) return;
  (void)!pwrite(owner_file_, &record, sizeof record, record_at);
}

void LogWitness::closing() { keep(Record{record_magic, {}, 0, ~std::uint32_t{0}}); }

}  // namespace fermata::sqlite
