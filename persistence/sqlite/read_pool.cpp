#include "persistence/sqlite/read_pool.h"

#include <sqlite3.h>

#include "persistence/sqlite/functions.h"

namespace fermata::sqlite {
namespace {

constexpr std::size_t idle_max = 8;
constexpr int operations_between_looks = 20'000;  // about a millisecond

int past_deadline(void* reader) {
  return std::chrono::steady_clock::now() >= static_cast<const Reader*>(reader)->deadline ? 1 : 0;
}

}  // namespace

Result<std::unique_ptr<Reader>> ReadPool::idle_or_new() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Reader> reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
  }
  Result<Database> database = Database::open(options_.connection);
  if (!database) return fail(database.error());
  if (auto done = register_functions(*database); !done) return fail(done.error());
  auto reader = std::make_unique<Reader>(std::move(*database));
  sqlite3_progress_handler(reader->database.handle(), operations_between_looks, past_deadline, reader.get());
  return reader;
}

Result<std::unique_ptr<Reader>> ReadPool::take() {
  if (out_.fetch_add(1) >= options_.readers_max) {
    out_.fetch_sub(1);
    return fail(ErrorCode::unavailable, std::to_string(options_.readers_max) + " read sessions are open already; try again in a moment");
  }
  Result<std::unique_ptr<Reader>> reader = idle_or_new();
  if (reader) {
    (*reader)->deadline = std::chrono::steady_clock::now() + options_.deadline;
    // The first read takes the snapshot.
    auto begun = (*reader)->database.execute("BEGIN; SELECT next_key FROM counter");
    if (begun) return reader;
    reader = fail(begun.error());
  }
  out_.fetch_sub(1);
  return reader;
}

void ReadPool::give_back(std::unique_ptr<Reader> reader) {
  out_.fetch_sub(1);
  reader->deadline = std::chrono::steady_clock::time_point::max();
  if (!reader->database.execute("ROLLBACK")) return;
  const std::lock_guard lock(mutex_);
  if (!closed_ && idle_.size() < idle_max) idle_.push_back(std::move(reader));
}

void ReadPool::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  idle_.clear();
}

}  // namespace fermata::sqlite
