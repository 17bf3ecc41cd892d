#include <algorithm>

#include "processes/dmn/read_context.h"

namespace fermata::dmn {
namespace {

// Walks the requirements without recursion: what is being walked is a path, and whoever meets it again is a cycle.
class RequirementWalk {
 public:
  RequirementWalk(ReadContext& context, const std::vector<const XmlElement*>& elements)
      : context_(context), elements_(elements), state_(elements.size(), State::unseen), depth_(elements.size(), 1) {}

  void run() {
    for (std::size_t i = 0; i < state_.size(); ++i) {
      if (state_[i] == State::unseen && !walk_from(i)) return;
    }
  }

 private:
  enum class State : std::uint8_t { unseen, open, done };
  struct Open {
    std::size_t index;
    std::size_t next = 0;
  };

  bool walk_from(std::size_t start) {
    path_ = {{start}};
    state_[start] = State::open;
    while (!path_.empty()) {
      Open& top = path_.back();
      const std::vector<Reference>& required = context_.model.decisions[top.index].required;
      if (top.next == required.size()) {
        state_[top.index] = State::done;
        const std::size_t depth = depth_[top.index];
        path_.pop_back();
        if (!path_.empty()) depth_[path_.back().index] = std::max(depth_[path_.back().index], depth + 1);
        if (depth > context_.options.limits.requirement_depth_max) {
          context_.problems.add(rules::model_bounds, *elements_[start],
                                "more than " + std::to_string(context_.options.limits.requirement_depth_max) +
                                    " decisions require each other in a row");
          return false;
        }
        continue;
      }
      const Reference& reference = required[top.next++];
      if (reference.kind != Reference::Kind::decision || reference.import != Reference::own) continue;
      if (state_[reference.index] == State::open) {
        report_cycle(reference.index);
        return false;
      }
      if (state_[reference.index] == State::done) {
        depth_[top.index] = std::max(depth_[top.index], depth_[reference.index] + 1);
        continue;
      }
      state_[reference.index] = State::open;
      path_.push_back({reference.index});
    }
    return true;
  }

  void report_cycle(std::size_t again) {
    auto at = std::ranges::find_if(path_, [again](const Open& open) { return open.index == again; });
    constexpr std::size_t shown_max = 20;
    std::string names;
    std::size_t shown = 0;
    for (; at != path_.end() && shown < shown_max; ++at, ++shown)
      names += "'" + context_.model.decisions[at->index].info.name + "', which requires ";
    if (at != path_.end()) names += "..., which requires ";
    names += "'" + context_.model.decisions[again].info.name + "'";
    context_.problems.add(rules::requirement_cycle, *elements_[again], "the decision requires itself: " + names);
  }

  ReadContext& context_;
  const std::vector<const XmlElement*>& elements_;
  std::vector<State> state_;
  std::vector<std::size_t> depth_;
  std::vector<Open> path_;
};

}  // namespace

void check_requirements(ReadContext& context, const std::vector<const XmlElement*>& decisions) {
  RequirementWalk(context, decisions).run();
}

}  // namespace fermata::dmn
