#include "http/v2/element_names.h"

#include <algorithm>

#include "http/v2/api.h"
#include "persistence/read_session.h"

namespace fermata::http::v2 {
namespace {

using Names = std::unordered_map<std::string, std::string>;

// Empty when the model is not there, or does not compile any more: names are a courtesy, no reason to refuse a search.
Names read_names(const Api& api, ReadSession& session, DefinitionKey key) {
  Names names;
  if (!api.compile.processes) return names;
  const auto definition = session.definition(key);
  if (!definition || !*definition) return names;
  const auto resource = session.resource((*definition)->resource);
  if (!resource || !*resource) return names;
  const CompiledFile compiled = api.compile.processes((*resource)->name, (*resource)->content);
  for (const DeployResource::Process& process : compiled.processes) {
    if (process.process_id != (*definition)->process_id || process.graph == nullptr) continue;
    for (const Element& element : process.graph->elements()) {
      if (!element.name.empty()) names.emplace(element.id, element.name);
    }
  }
  return names;
}

}  // namespace

std::shared_ptr<const Names> ElementNames::find(DefinitionKey definition) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(entries_, definition, &Entry::definition);
  if (found == entries_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found);
  return found->names;
}

void ElementNames::keep(DefinitionKey definition, std::shared_ptr<const Names> names) {
  const std::lock_guard lock(mutex_);
  if (std::ranges::find(entries_, definition, &Entry::definition) != entries_.end()) return;  // another thread was faster
  names_ += names->size();
  entries_.push_front({definition, std::move(names)});
  while (entries_.size() > definitions_max_ || (names_ > names_max_ && entries_.size() > 1)) {
    names_ -= entries_.back().names->size();
    entries_.pop_back();
  }
}

std::string ElementNames::name_of(const Api& api, ReadSession& session, DefinitionKey definition, std::string_view element_id) {
  std::shared_ptr<const Names> names = find(definition);
  if (names == nullptr) {
    names = std::make_shared<const Names>(read_names(api, session, definition));
    keep(definition, names);
  }
  const auto found = names->find(std::string(element_id));
  return found == names->end() ? std::string() : found->second;
}

std::size_t ElementNames::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace fermata::http::v2
