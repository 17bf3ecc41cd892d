// The ids of everything that is stored. One counter serves all kinds, so no two things of a partition share a number.
#pragma once

#include "engine/base/strong_id.h"

namespace fermata {

using DeploymentKey = StrongId<struct DeploymentTag>;
using DefinitionKey = StrongId<struct DefinitionTag>;            ///< one version of one process
using ResourceKey = StrongId<struct ResourceTag>;                ///< a deployed file (BPMN, DMN, form)
using DecisionDefinitionKey = StrongId<struct DecisionDefinitionTag>;  ///< one version of one decision
using DecisionInstanceKey = StrongId<struct DecisionInstanceTag>;      ///< one evaluation of one decision
using ProcessInstanceKey = StrongId<struct ProcessInstanceTag>;
using ElementInstanceKey = StrongId<struct ElementInstanceTag>;  ///< one activation of one element; also a variable scope
using TokenKey = StrongId<struct TokenTag>;                      ///< a token that waits on a sequence flow for a join
using JobKey = StrongId<struct JobTag>;
using UserTaskKey = StrongId<struct UserTaskTag>;
using TimerKey = StrongId<struct TimerTag>;
using SubscriptionKey = StrongId<struct SubscriptionTag>;        ///< an open wait for a message or a signal
using MessageKey = StrongId<struct MessageTag>;
using SignalKey = StrongId<struct SignalTag>;
using IncidentKey = StrongId<struct IncidentTag>;
using VariableKey = StrongId<struct VariableTag>;

/// The scope of the process itself: a process instance is the root of its element instances and shares its number with it.
[[nodiscard]] constexpr ElementInstanceKey root_scope(ProcessInstanceKey instance) { return ElementInstanceKey{instance.raw()}; }

inline constexpr int key_counter_bits = 51;
inline constexpr int partition_max = (1 << 12) - 1;

/// Where new keys come from. The only source of "new" that decide() is given; not thread-safe, owned by the engine thread.
class KeySource {
 public:
  virtual ~KeySource() = default;
  [[nodiscard]] virtual std::int64_t next() = 0;

  template <class Key>
  [[nodiscard]] Key make() {
    return Key{next()};
  }
};

}  // namespace fermata
