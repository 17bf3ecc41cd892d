// Collection: the fields by which one kind of thing can be searched, and what /v2 calls their states.
//
// Floor 7. One table per search route. A field that is not in the table is refused by name.
//
//   const FieldSpec* field = process_instances.find("hasIncident");
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace fermata::http::v2 {

enum class FieldType : std::uint8_t {
  key,  ///< a 64-bit key as a decimal string (a number is accepted)
  text,
  integer,
  boolean,
  date,    ///< ISO 8601
  choice,  ///< one of a few names, in any case
  tenant,  ///< there is one tenant
  texts,   ///< a list of strings, all of which the thing must have
};

/// A name of /v2 and a name in the store. One name of /v2 may stand for several of the store and the other way round.
struct Choice {
  std::string_view api;
  std::string_view stored;
};

struct FieldSpec {
  std::string_view name;  ///< as /v2 has it
  FieldType type = FieldType::text;
  std::string_view stored = {};          ///< as the store has it; empty: the same
  std::span<const Choice> choices = {};  ///< of FieldType::choice
  bool sortable = true;
  bool filterable = true;

  [[nodiscard]] std::string_view stored_name() const { return stored.empty() ? name : stored; }
};

struct Collection {
  std::string_view name;  ///< for messages: "process instances"
  std::span<const FieldSpec> fields;
  bool variables = false;  ///< filter.variables: [{name, value}]

  [[nodiscard]] const FieldSpec* find(std::string_view field) const {
    for (const FieldSpec& candidate : fields) {
      if (candidate.name == field) return &candidate;
    }
    return nullptr;
  }
};

extern const Collection process_instances;
extern const Collection process_definitions;
extern const Collection element_instances;
extern const Collection variables;
extern const Collection jobs;
extern const Collection user_tasks;
extern const Collection user_task_variables;
extern const Collection incidents;
extern const Collection message_subscriptions;
extern const Collection decision_definitions;
extern const Collection decision_instances;

/// The name in /v2 of a stored name; "UNKNOWN" when there is none. With several, the first.
[[nodiscard]] std::string_view api_choice(std::span<const Choice> choices, std::string_view stored);

// From the names of our rows to those of /v2.
extern const std::span<const Choice> element_states;
extern const std::span<const Choice> element_types;
extern const std::span<const Choice> job_states;
extern const std::span<const Choice> user_task_states;
extern const std::span<const Choice> incident_types;
extern const std::span<const Choice> decision_types;  ///< of the kinds of logic

}  // namespace fermata::http::v2
