// Synthetic instances: a little driver that makes honest transitions (events applied to a real InstanceState) without an engine, so
// that stores can be tested and measured by themselves. The shape is scenario S3: six commands, twelve elements, four variables.
//
// Floor 5, for tests and benchmarks only.
//
//   CountingKeys keys;
//   SyntheticInstance instance(keys, {.business_key = "order-7"});
//   while (!instance.ended()) {
//     Transition transition = instance.step(now);
//     transaction->append(transition, &instance.state());
//     instance.settle();                                  // forget_ended(), as the engine does after the store took the rows
//   }
#pragma once

#include <cstdint>
#include <string>

#include "engine/record/event.h"
#include "engine/state/instance_state.h"

namespace fermata::testing {

class CountingKeys final : public KeySource {
 public:
  explicit CountingKeys(std::int64_t next = (1LL << key_counter_bits) + 1) : next_(next) {}
  std::int64_t next() override { return next_++; }
  [[nodiscard]] std::int64_t peek() const { return next_; }

 private:
  std::int64_t next_;
};

/// Two transitions of the partition that an instance needs to have a definition: resource and definition of process "order".
[[nodiscard]] Transition deploy_order(KeySource& keys, Timestamp at, DefinitionKey& definition);

class SyntheticInstance {
 public:
  struct Options {
    DefinitionKey definition{1};
    std::string business_key;
    std::size_t variable_bytes = 500;  ///< of all four together, about
  };

  SyntheticInstance(KeySource& keys, Options options);
  /// Goes on with an instance that was loaded from a store, after `steps_done` steps.
  SyntheticInstance(KeySource& keys, InstanceState state, int steps_done);

  static constexpr int steps_total = 6;
  [[nodiscard]] int steps_done() const { return steps_done_; }
  [[nodiscard]] bool ended() const { return steps_done_ == steps_total; }
  [[nodiscard]] ProcessInstanceKey key() const { return state_.instance.key; }
  [[nodiscard]] const InstanceState& state() const { return state_; }

  /// create; job validate; job reserve; jobs invoice and ship; payment message. Applied to the state.
  [[nodiscard]] Transition step(Timestamp now);
  void settle() { state_.forget_ended(); }

 private:
  void start();
  void complete_validate();
  void complete_reserve();
  void complete_branch(const char* element_id, bool last);
  void receive_payment();

  void emit(Event event);
  ElementInstanceKey enter(std::uint32_t element, const char* element_id, ElementKind kind);
  void leave(ElementInstanceKey key);
  void pass(std::uint32_t element, const char* element_id, ElementKind kind) { leave(enter(element, element_id, kind)); }
  void open_job(ElementInstanceKey element, const char* element_id);
  ElementInstanceKey complete_job(const char* element_id);
  void set(const char* name, Value value);

  KeySource& keys_;
  Options options_;
  InstanceState state_;
  Transition transition_;
  Timestamp now_;
  int steps_done_ = 0;
};

}  // namespace fermata::testing
