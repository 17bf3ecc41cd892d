// PendingChanges: what the transactions touch that are decided but not in the file yet. Lookups ask it whether the file already
// knows the answer.
//
// Floor 5, persistence/sqlite only; engine thread. A counting filter over everything a lookup can ask for: it may say "maybe" without
// need (then the lookup waits for the writer), and never "no" wrongly.
//
//   pending.add(transition, encoder.changes());        // of the open transaction
//   pending.seal(number);                              // it was handed over
//   pending.forget(committed);                         // up to here the file has it
//   if (!pending.touches(PendingChanges::job_type("pay"))) read the file;
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "persistence/project.h"
#include "persistence/store.h"

namespace fermata::sqlite {

class PendingChanges {
 public:
  /// Something that a lookup asks for.
  using Topic = std::uint64_t;
  [[nodiscard]] static Topic instance(ProcessInstanceKey key);
  [[nodiscard]] static Topic subscriptions(EventKind kind, std::string_view name);
  [[nodiscard]] static Topic subscriptions(EventKind kind, std::string_view name, std::string_view correlation_key);
  [[nodiscard]] static Topic messages(std::string_view name, std::string_view correlation_key);
  [[nodiscard]] static Topic message(MessageKey key);
  [[nodiscard]] static Topic started_by(std::string_view process_id, std::string_view correlation_key);
  [[nodiscard]] static Topic business_key(std::string_view key);
  [[nodiscard]] static Topic request(std::string_view source, std::string_view id);
  [[nodiscard]] static Topic job_type(std::string_view type);
  [[nodiscard]] static Topic any_job();
  [[nodiscard]] static Topic any_timer();
  [[nodiscard]] static Topic any_message();
  [[nodiscard]] static Topic any_definition();  ///< resources, definitions, and start events

  void add(const Transition& transition, const RowChanges& changes);
  void seal(CommitNumber number);
  void forget(CommitNumber up_to);
  /// The open transaction is rolled back.
  void drop_open();

  [[nodiscard]] bool touches(Topic topic) const { return counts_[first_slot(topic)] != 0 && counts_[second_slot(topic)] != 0; }
  /// True when a pending transaction may have made a key that is not above `key`.
  [[nodiscard]] bool may_have_made(std::int64_t key) const;

 private:
  static constexpr std::size_t slots = 1u << 17;
  struct Transaction {
    CommitNumber number = 0;
    std::int64_t first_key = 0;
    std::vector<Topic> topics;
  };
  static std::size_t first_slot(Topic topic) { return topic % slots; }
  static std::size_t second_slot(Topic topic) { return topic >> 32 & (slots - 1); }
  void touch(Topic topic);
  void remove(const Transaction& transaction);

  std::unique_ptr<std::uint32_t[]> counts_ = std::make_unique<std::uint32_t[]>(slots);
  Transaction open_;
  std::deque<Transaction> sealed_;  // in the order of their numbers
};

}  // namespace fermata::sqlite
