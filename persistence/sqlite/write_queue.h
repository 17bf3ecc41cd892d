// WriteQueue: between the engine thread, which decides, and the writing connection. A transaction is either executed by the engine
// thread itself, or handed over: then a thread of this queue writes it while the engine decides the next one.
//
// Floor 5, persistence/sqlite only. All public functions belong to the engine thread. The connection has one user at a time: the
// thread as long as something is queued, else the engine thread. Commits that are queued together are written as one.
//
//   queue.begin();
//   encoder.encode(transition, after, queue.ops());
//   queue.hand_over();                              // or commit(), which returns when it is durable
//   if (queue.execute_all()) writer.lookups()...    // everything decided so far is in the connection
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "persistence/sqlite/commit_ledger.h"
#include "persistence/sqlite/log_sync.h"
#include "persistence/sqlite/writer.h"

namespace fermata::sqlite {

class WriteQueue {
 public:
  WriteQueue(Writer& writer, LogSync& sync, CommitLedger& ledger) : writer_(writer), sync_(sync), ledger_(ledger) {}
  ~WriteQueue();  ///< writes what is queued
  WriteQueue(const WriteQueue&) = delete;
  WriteQueue& operator=(const WriteQueue&) = delete;

  /// Opens a transaction. An error of the store is seen here already when nothing is queued.
  [[nodiscard]] Result<void> begin();
  [[nodiscard]] bool open() const { return open_; }
  /// Of the open transaction: what is not executed yet.
  [[nodiscard]] RowOps& ops() { return ops_; }

  /// True when the engine thread may read on the connection: nothing that was handed over is still to be written. What ops() holds is
  /// not executed by this.
  [[nodiscard]] bool connection_is_free() const { return begun_ || committed() >= handed_over_; }
  /// Afterwards the connection has executed everything, the open transaction included, and is free until the next hand_over().
  [[nodiscard]] Result<void> execute_all();
  /// Durable when it returns without error.
  [[nodiscard]] Result<void> commit();
  [[nodiscard]] Result<CommitNumber> hand_over();
  void roll_back();
  /// The housekeeping of the connection, when nothing is queued.
  void idle();

  /// Numbers up to this one are in the file: other connections see them.
  [[nodiscard]] CommitNumber committed() const { return committed_.load(std::memory_order_acquire); }

 private:
  struct Task {
    CommitNumber number = 0;
    bool begun = false;  ///< the engine thread has executed the beginning of this transaction
    RowOps ops;
  };
  void loop();
  /// Takes what is queued and writes it. With connection_mutex_ held.
  void write_queued();
  [[nodiscard]] Result<LogSync::Written> write(std::deque<Task>& tasks);
  void fail_with(CommitNumber first, const Error& error);
  [[nodiscard]] RowOps recycled();

  Writer& writer_;
  LogSync& sync_;
  CommitLedger& ledger_;

  // Of the engine thread.
  RowOps ops_;
  bool open_ = false;
  bool begun_ = false;  // on the connection
  std::optional<Error> half_written_;  // of the open transaction: some of it was written when it failed, so none may be committed
  CommitNumber handed_over_ = 0;

  std::mutex connection_mutex_;     // held by whoever uses the connection while something is queued; taken before mutex_
  std::optional<Error> lost_;       // guarded by connection_mutex_: what follows a failure is dropped until begin() starts afresh
  std::atomic<CommitNumber> committed_{0};

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;          // guarded by mutex_
  std::vector<RowOps> spare_;       // guarded by mutex_: buffers to use again
  bool stop_ = false;               // guarded by mutex_
  std::thread thread_;
};

}  // namespace fermata::sqlite
