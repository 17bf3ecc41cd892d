#include "persistence/sqlite/write_queue.h"

#include <utility>

#include "engine/base/check.h"

namespace fermata::sqlite {
namespace {

constexpr std::size_t spare_max = 8;
constexpr std::size_t spare_bytes_max = 1u << 20;

}  // namespace

WriteQueue::~WriteQueue() {
  roll_back();
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

Result<void> WriteQueue::begin() {
  FERMATA_CHECK(!open_, "one write transaction at a time");
  switch (ledger_.start_afresh()) {
    case CommitLedger::Afresh::nothing_lost: break;
    case CommitLedger::Afresh::not_seen_yet: return tl::unexpected(ledger_.loss().value());
    case CommitLedger::Afresh::forgotten: {
      const std::lock_guard lock(connection_mutex_);
      write_queued();  // drops what was decided on top of the loss
      lost_.reset();
      committed_.store(ledger_.last(), std::memory_order_release);
    }
  }
  open_ = true;
  begun_ = false;
  half_written_.reset();
  ops_.clear();
  if (!connection_is_free()) return {};
  // The transaction begins at once: trouble shows before anything is decided, and lookups within it are cheaper.
  if (auto done = writer_.begin(); !done) {
    open_ = false;
    return done;
  }
  begun_ = true;
  return {};
}

Result<void> WriteQueue::execute_all() {
  const std::lock_guard lock(connection_mutex_);
  write_queued();
  if (lost_) return tl::unexpected(*lost_);
  if (!open_ || (ops_.empty() && !begun_)) return {};
  if (half_written_) return tl::unexpected(*half_written_);
  if (!begun_) {
    if (auto done = writer_.begin(); !done) return done;
    begun_ = true;
  }
  auto done = writer_.execute(ops_);
  ops_.clear();
  if (!done) half_written_ = done.error();
  return done;
}

Result<void> WriteQueue::commit() {
  FERMATA_CHECK(open_, "a transaction is committed once");
  if (auto done = execute_all(); !done) return done;
  // Numbered before it is visible: a reader waits for every number that it may have seen.
  const CommitNumber number = ledger_.next();
  LogSync::Written written{number, {}};
  if (!begun_) {
    if (auto done = writer_.begin(); !done) {
      fail_with(number, done.error());
      (void)ledger_.seen_by_engine();  // told right here
      return done;
    }
    begun_ = true;
  }
  auto record = writer_.commit();
  if (!record) {
    fail_with(number, record.error());
    (void)ledger_.seen_by_engine();
    return tl::unexpected(record.error());
  }
  open_ = begun_ = false;
  committed_.store(number, std::memory_order_release);
  if (!writer_.wrote() && ledger_.is_next(number)) {  // it rests on what is durable, and adds nothing
    ledger_.durable(number);
    return {};
  }
  written.record = *record;
  return sync_.now(written);
}

Result<CommitNumber> WriteQueue::hand_over() {
  FERMATA_CHECK(open_, "a transaction is committed once");
  if (half_written_) return tl::unexpected(*half_written_);
  // First of all, because it may throw: what is queued and numbered will be written, and must not be rolled back as well.
  if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  CommitNumber number = 0;
  {
    const std::lock_guard lock(mutex_);
    Task& task = tasks_.emplace_back();
    number = task.number = ledger_.next();
    task.begun = begun_;
    task.ops = std::exchange(ops_, recycled());
  }
  wake_.notify_one();
  handed_over_ = number;
  open_ = begun_ = false;
  return number;
}

void WriteQueue::roll_back() {
  if (!open_) return;
  if (begun_) writer_.roll_back();
  open_ = begun_ = false;
  ops_.clear();
}

void WriteQueue::idle() {
  if (open_ || !connection_is_free()) return;
  const std::lock_guard lock(connection_mutex_);
  write_queued();
  writer_.restart_log_if_long();
}

void WriteQueue::loop() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stop_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
    }
    const std::lock_guard lock(connection_mutex_);
    write_queued();
  }
}

void WriteQueue::write_queued() {
  std::deque<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
  if (tasks.empty() || lost_) return;
  const auto written = write(tasks);
  if (written) {
    committed_.store(written->number, std::memory_order_release);
    sync_.soon(*written);
  } else {
    writer_.roll_back();
    lost_ = written.error();
    fail_with(tasks.front().number, written.error());
  }
  const std::lock_guard lock(mutex_);
  for (Task& task : tasks) {
    if (spare_.size() == spare_max) break;
    task.ops.clear();
    if (task.ops.capacity() <= spare_bytes_max) spare_.push_back(std::move(task.ops));
  }
}

Result<LogSync::Written> WriteQueue::write(std::deque<Task>& tasks) {
  for (const Task& task : tasks) {
    if (!task.begun && !writer_.in_transaction()) {
      if (auto done = writer_.begin(); !done) return tl::unexpected(done.error());
    }
    if (auto done = writer_.execute(task.ops); !done) return tl::unexpected(done.error());
  }
  auto record = writer_.commit();
  if (!record) return tl::unexpected(record.error());
  return LogSync::Written{tasks.back().number, *record};
}

void WriteQueue::fail_with(CommitNumber first, const Error& error) {
  ledger_.wait_for(first - 1);  // what is in the log already is not lost with it
  ledger_.lost(error);
}

RowOps WriteQueue::recycled() {
  if (spare_.empty()) return {};
  RowOps ops = std::move(spare_.back());
  spare_.pop_back();
  return ops;
}

}  // namespace fermata::sqlite
