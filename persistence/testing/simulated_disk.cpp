#include "persistence/testing/simulated_disk.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

namespace fermata::testing {
namespace {

constexpr std::size_t sector_bytes = 512;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void apply_write(std::string& content, std::int64_t offset, std::string_view bytes) {
  const auto at = static_cast<std::size_t>(offset);
  if (content.size() < at + bytes.size()) content.resize(at + bytes.size(), '\0');
  content.replace(at, bytes.size(), bytes);
}

}  // namespace

void SimulatedDisk::set_fault(DiskFault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = fault;
  operations_ = syncs_ = failures_ = 0;
  stopped_ = false;
}

std::uint64_t SimulatedDisk::operations() const {
  const std::lock_guard lock(mutex_);
  return operations_;
}
std::uint64_t SimulatedDisk::syncs() const {
  const std::lock_guard lock(mutex_);
  return syncs_;
}
std::uint64_t SimulatedDisk::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

SimulatedDisk::Verdict SimulatedDisk::before_operation(bool is_sync) {
  const std::lock_guard lock(mutex_);
  ++operations_;
  if (is_sync) ++syncs_;
  if (stopped_) return Verdict::stopped;
  if (fault_.kind == DiskFault::Kind::none || operations_ < fault_.at_operation) return Verdict::go_on;
  const bool due = operations_ == fault_.at_operation || fault_.persistent;
  Verdict verdict = Verdict::go_on;
  switch (fault_.kind) {
    case DiskFault::Kind::none: break;
    case DiskFault::Kind::stop:
      stopped_ = true;
      verdict = fault_.eighths > 0 && !is_sync ? Verdict::part_then_stop : Verdict::stopped;
      break;
    case DiskFault::Kind::write_error:
      if (due) verdict = is_sync ? Verdict::sync_error : Verdict::write_error;
      break;
    case DiskFault::Kind::full:
      if (due && !is_sync) verdict = Verdict::full;
      break;
    case DiskFault::Kind::sync_error:
      if (is_sync) verdict = Verdict::sync_error;
      if (is_sync && !fault_.persistent) fault_.kind = DiskFault::Kind::none;
      break;
  }
  if (verdict != Verdict::go_on) ++failures_;
  return verdict;
}

void SimulatedDisk::forget_files() {
  const std::lock_guard lock(mutex_);
  files_.clear();
}

std::size_t SimulatedDisk::part_of(std::size_t bytes) const {
  const std::lock_guard lock(mutex_);
  return bytes * fault_.eighths / 8;
}

void SimulatedDisk::opened(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (!files_.contains(path)) files_[path].durable = read_file(path);
}

void SimulatedDisk::wrote(const std::string& path, std::int64_t offset, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  files_[path].since.push_back({offset, std::string(bytes), false});
}

void SimulatedDisk::truncated(const std::string& path, std::int64_t size) {
  const std::lock_guard lock(mutex_);
  files_[path].since.push_back({size, {}, true});
}

void SimulatedDisk::synced(const std::string& path) {
  const std::lock_guard lock(mutex_);
  File& file = files_[path];
  for (const Write& write : file.since) {
    if (write.is_truncation) {
      file.durable.resize(static_cast<std::size_t>(write.offset), '\0');
    } else {
      apply_write(file.durable, write.offset, write.bytes);
    }
  }
  file.since.clear();
}

void SimulatedDisk::deleted(const std::string& path) {
  const std::lock_guard lock(mutex_);
  files_.erase(path);
}

void SimulatedDisk::lose_power(std::uint64_t seed) {
  const std::lock_guard lock(mutex_);
  std::mt19937_64 random(seed);
  for (auto& [path, file] : files_) {
    if (file.since.empty()) continue;
    for (const Write& write : file.since) {
      const std::uint64_t fate = random() % 3;  // kept, dropped, torn
      if (fate == 1) continue;
      if (write.is_truncation) {
        if (fate == 0) file.durable.resize(static_cast<std::size_t>(write.offset), '\0');
        continue;
      }
      for (std::size_t at = 0; at < write.bytes.size(); at += sector_bytes) {
        if (fate == 2 && random() % 2 == 0) continue;
        const std::size_t size = std::min(sector_bytes, write.bytes.size() - at);
        apply_write(file.durable, write.offset + static_cast<std::int64_t>(at), std::string_view(write.bytes).substr(at, size));
      }
    }
    file.since.clear();
    std::ofstream(path, std::ios::binary | std::ios::trunc).write(file.durable.data(), static_cast<std::streamsize>(file.durable.size()));
  }
}

}  // namespace fermata::testing
