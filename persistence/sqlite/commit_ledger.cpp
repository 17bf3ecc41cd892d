#include "persistence/sqlite/commit_ledger.h"

namespace fermata::sqlite {

CommitNumber CommitLedger::next() {
  const std::lock_guard lock(mutex_);
  return next_++;
}

CommitNumber CommitLedger::last() const {
  const std::lock_guard lock(mutex_);
  return next_ - 1;
}

bool CommitLedger::is_next(CommitNumber number) const {
  const std::lock_guard lock(mutex_);
  return !progress_.failure && progress_.durable + 1 == number;
}

void CommitLedger::durable(CommitNumber number) {
  {
    const std::lock_guard lock(mutex_);
    if (progress_.failure || number <= progress_.durable) return;
    progress_.durable = number;
  }
  tell();
}

void CommitLedger::lost(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    if (progress_.failure || progress_.durable + 1 == next_) return;
    progress_.failure = error;
  }
  tell();
}

CommitLedger::Afresh CommitLedger::start_afresh() {
  const std::lock_guard lock(mutex_);
  if (!progress_.failure) return Afresh::nothing_lost;
  if (!loss_seen_) return Afresh::not_seen_yet;
  progress_ = {next_ - 1, std::nullopt};
  loss_seen_ = false;
  return Afresh::forgotten;
}

std::optional<Error> CommitLedger::loss() const {
  const std::lock_guard lock(mutex_);
  return progress_.failure;
}

CommitProgress CommitLedger::seen_by_engine() {
  const std::lock_guard lock(mutex_);
  loss_seen_ = progress_.failure.has_value();
  return progress_;
}

void CommitLedger::wait_for(CommitNumber number) const {
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [&] { return progress_.durable >= number || progress_.failure; });
}

void CommitLedger::tell() {
  moved_.notify_all();
  if (changed_) changed_();
}

}  // namespace fermata::sqlite
