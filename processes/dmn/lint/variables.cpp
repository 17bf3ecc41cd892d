#include "processes/dmn/lint/variables.h"

#include "processes/feel/names.h"

namespace fermata::dmn::lint {

void Variables::push(Variable variable) {
  places_[feel::canonical_name(variable.name)].push_back(all_.size());
  all_.push_back(std::move(variable));
}

void Variables::shrink(std::size_t size) {
  for (; all_.size() > size; all_.pop_back()) {
    const auto found = places_.find(feel::canonical_name(all_.back().name));
    found->second.pop_back();
    if (found->second.empty()) places_.erase(found);
  }
}

const Variable* Variables::find(std::string_view name) const {
  const auto found = places_.find(feel::canonical_name(name));
  return found == places_.end() ? nullptr : &all_[found->second.back()];
}

void Variables::blur(std::string_view name) {
  const auto found = places_.find(feel::canonical_name(name));
  if (found == places_.end()) return;
  all_[found->second.back()].type = nullptr;
  all_[found->second.back()].is_input = false;
}

}  // namespace fermata::dmn::lint
