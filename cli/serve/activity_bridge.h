// ActivityBridge: the activity host as the engine sees it: jobs of known types become calls of plugins.
//
//   auto host = std::make_shared<activities::Host>(services);
//   EngineOptions options{..., .activities = std::make_shared<ActivityBridge>(host)};
#pragma once

#include <memory>

#include "activities/host/host.h"
#include "engine/runtime/engine.h"

namespace fermata::cli {

class ActivityBridge final : public ActivityRunner {
 public:
  explicit ActivityBridge(std::shared_ptr<activities::Host> host) : host_(std::move(host)) {}

  [[nodiscard]] std::vector<std::string> types() const override;
  [[nodiscard]] std::size_t capacity(const std::string& type) const override;
  [[nodiscard]] Duration deadline(const std::string& type) const override;
  [[nodiscard]] Result<void> run(Call call, std::function<void(Outcome)> done) override;

 private:
  std::shared_ptr<activities::Host> host_;
};

/// What the engine makes of an activity's outcome. Pure.
[[nodiscard]] ActivityRunner::Outcome outcome_of(const activities::ActivityOutcome& outcome);

}  // namespace fermata::cli
