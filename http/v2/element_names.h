// ElementNames: what the analyst called an element. Rows keep ids only; the name stands in the deployed model.
//
// Shared by the threads of the server. A definition never changes, so what was looked up once stays true; the least recently
// used definitions are forgotten beyond a bound. A lookup that misses reads and compiles the stored file: milliseconds.
//
//   row.element_name = names.name_of(session, compile, row.context.definition, row.element.element_id);
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/base/keys.h"

namespace fermata {
class ReadSession;
}

namespace fermata::http {

struct Api;

namespace v2 {

class ElementNames {
 public:
  /// Both bounds hold for all definitions together.
  explicit ElementNames(std::size_t definitions_max = 64, std::size_t names_max = 100'000)
      : definitions_max_(definitions_max), names_max_(names_max) {}

  /// "" when the element has no name, or nothing is known of it: then its id is what there is to show.
  [[nodiscard]] std::string name_of(const Api& api, ReadSession& session, DefinitionKey definition, std::string_view element_id);

  /// How many definitions are remembered, for tests.
  [[nodiscard]] std::size_t size() const;

 private:
  using Names = std::unordered_map<std::string, std::string>;
  struct Entry {
    DefinitionKey definition;
    std::shared_ptr<const Names> names;
  };

  [[nodiscard]] std::shared_ptr<const Names> find(DefinitionKey definition);
  void keep(DefinitionKey definition, std::shared_ptr<const Names> names);

  const std::size_t definitions_max_;
  const std::size_t names_max_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  ///< most recently used first
  std::size_t names_ = 0;     ///< of all entries
};

}  // namespace v2
}  // namespace fermata::http
