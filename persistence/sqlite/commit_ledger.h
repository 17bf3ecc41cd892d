// CommitLedger: how far the commits are that were handed over: which are durable, and whether the rest is lost.
//
// Floor 5, persistence/sqlite only. Any thread. Numbers count up; what fails takes everything after it along, because later
// transactions were decided on top of it.
//
//   const CommitNumber number = ledger.next();
//   ... commit, sync ...                       ledger.durable(number);   // or ledger.lost(error)
//   engine: ledger.progress().durable >= number
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>

#include "persistence/store.h"

namespace fermata::sqlite {

class CommitLedger {
 public:
  /// Called without a lock held, from whoever has made progress.
  void on_progress(std::function<void()> changed) { changed_ = std::move(changed); }

  [[nodiscard]] CommitNumber next();
  /// The last number given out: what a reader may see at most.
  [[nodiscard]] CommitNumber last() const;

  /// Everything before `number` is durable.
  [[nodiscard]] bool is_next(CommitNumber number) const;
  /// Everything up to `number` is. Ignored after lost(): nothing after a failure counts.
  void durable(CommitNumber number);
  /// Everything that is not durable yet is lost.
  void lost(const Error& error);
  enum class Afresh { nothing_lost, forgotten, not_seen_yet };
  /// Forgets a loss, if the engine has seen it: numbers given out from now on are good again.
  [[nodiscard]] Afresh start_afresh();
  [[nodiscard]] std::optional<Error> loss() const;

  /// For the engine, which has then seen a loss.
  [[nodiscard]] CommitProgress seen_by_engine();
  /// Returns when the number is durable or lost.
  void wait_for(CommitNumber number) const;

 private:
  void tell();

  std::function<void()> changed_;
  mutable std::mutex mutex_;
  mutable std::condition_variable moved_;
  CommitNumber next_ = 1;          // guarded by mutex_, as all below
  CommitProgress progress_;
  bool loss_seen_ = false;
};

}  // namespace fermata::sqlite
