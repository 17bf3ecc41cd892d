// The door itself, used without the SDK: plugins that lie, report twice, report nothing, throw, or were built for
// another version.
#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

#include "activities/host/host.h"
#include "activities/host/loader.h"

/// From abi_is_c.c.
extern "C" const fermata_plugin* c_plugin_descriptor(void);

namespace fermata::activities {
namespace {

using Execute = void (*)(const fermata_activity*, void*, const fermata_host_api*, fermata_call*,
                         const fermata_call_info*);

/// A descriptor with one activity, to be bent by a test.
struct Raw {
  fermata_activity activity{};
  const fermata_activity* pointer = &activity;
  fermata_plugin plugin{};

  explicit Raw(Execute execute) {
    activity.struct_size = sizeof activity;
    activity.type = fermata_string_of("raw");
    activity.default_deadline_ms = 10000;
    activity.execute = execute;
    plugin.struct_size = sizeof plugin;
    plugin.abi_version = FERMATA_ABI_VERSION;
    plugin.abi_version_required = FERMATA_ABI_VERSION_BASE;
    plugin.name = fermata_string_of("raw");
    plugin.version = fermata_string_of("1");
    plugin.activities = &pointer;
    plugin.activity_count = 1;
  }
};

void nothing(const fermata_activity*, void*, const fermata_host_api*, fermata_call*, const fermata_call_info*) {}
void lets_out(const fermata_activity*, void*, const fermata_host_api*, fermata_call*, const fermata_call_info*) {
  throw std::logic_error("out");
}
void twice(const fermata_activity*, void*, const fermata_host_api* host, fermata_call* call, const fermata_call_info*) {
  const std::int32_t first = host->complete(call, fermata_string_of(R"({"n":1})"));
  fermata_failure failure{};
  failure.struct_size = sizeof failure;
  if (first != FERMATA_OK || host->complete(call, fermata_string_of(R"({"n":2})")) != FERMATA_ERROR_ALREADY_REPORTED ||
      host->fail(call, &failure) != FERMATA_ERROR_ALREADY_REPORTED ||
      host->lookup_not_found(call) != FERMATA_ERROR_INVALID) {
    std::abort();
  }
}
void invalid_first(const fermata_activity*, void*, const fermata_host_api* host, fermata_call* call,
                   const fermata_call_info*) {
  fermata_bpmn_error no_code{};
  no_code.struct_size = sizeof no_code;
  fermata_failure cut{};
  cut.struct_size = 8;
  if (host->bpmn_error(call, &no_code) != FERMATA_ERROR_INVALID || host->fail(call, &cut) != FERMATA_ERROR_INVALID ||
      host->fail(call, nullptr) != FERMATA_ERROR_INVALID) {
    std::abort();
  }
  host->complete(call, {nullptr, 0});
}
void bad_text(const fermata_activity*, void*, const fermata_host_api* host, fermata_call* call,
              const fermata_call_info*) {
  const std::string huge(100'000, '\xC3');
  fermata_failure failure{};
  failure.struct_size = sizeof failure;
  failure.message = {huge.data(), huge.size()};
  failure.detail = {huge.data(), huge.size()};
  failure.retry_after_ms = -1;
  host->fail(call, &failure);
}

ActivityOutcome run(const Raw& raw) {
  Host host;
  const auto added = host.add(&raw.plugin, {});
  EXPECT_TRUE(added) << added.error().message;
  std::promise<ActivityOutcome> promise;
  const auto accepted =
      host.submit({.type = "raw"}, [&](ActivityOutcome outcome) { promise.set_value(std::move(outcome)); });
  EXPECT_TRUE(accepted);
  return promise.get_future().get();
}

TEST(RawAbi, NoOutcomeIsAnAmbiguousProtocolFailure) {
  for (const Execute execute : {Execute{nothing}, Execute{lets_out}}) {
    const auto outcome = run(Raw(execute));
    EXPECT_EQ(std::get<ActivityFailed>(outcome).kind, FailureKind::protocol);
    EXPECT_TRUE(std::get<ActivityFailed>(outcome).ambiguous);
  }
}

TEST(RawAbi, APluginInPlainC) {
  Host host;
  ASSERT_TRUE(host.add(c_plugin_descriptor(), {}));
  std::promise<ActivityOutcome> promise;
  ASSERT_TRUE(host.submit({.type = "c"}, [&](ActivityOutcome outcome) { promise.set_value(std::move(outcome)); }));
  EXPECT_EQ(std::get<ActivityCompleted>(promise.get_future().get()).output_json, R"({"from":"C"})");
}

TEST(RawAbi, TheFirstReportCounts) {
  EXPECT_EQ(std::get<ActivityCompleted>(run(Raw(twice))).output_json, R"({"n":1})");
}

TEST(RawAbi, AnInvalidReportCanBePutRight) {
  EXPECT_EQ(std::get<ActivityCompleted>(run(Raw(invalid_first))).output_json, "{}");
}

TEST(RawAbi, TextIsRepairedAndBounded) {
  const auto outcome = run(Raw(bad_text));
  const auto& failed = std::get<ActivityFailed>(outcome);
  EXPECT_LT(failed.message.size(), 5000u);
  EXPECT_LT(failed.detail.size(), 20000u);
  EXPECT_EQ(failed.message.substr(0, 3), "\xEF\xBF\xBD");
}

std::string refusal(const Raw& raw) {
  const auto checked = check_plugin(&raw.plugin, "x");
  return checked ? std::string() : checked.error().message;
}

TEST(RawAbi, DescriptorsAreCheckedAndTheRefusalSaysWhat) {
  struct Case {
    const char* says;
    void (*bend)(Raw&);
  };
  const Case cases[] = {
      {"ABI band 2", [](Raw& r) { r.plugin.abi_version = 2000; }},
      {"update the engine", [](Raw& r) { r.plugin.abi_version_required = FERMATA_ABI_VERSION + 1; }},
      {"struct_size", [](Raw& r) { r.plugin.struct_size = 40; }},
      {"too small", [](Raw& r) { r.plugin.struct_size = 0; }},
      {"no usable name",
       [](Raw& r) {
         r.plugin.name = {nullptr, 0};
       }},
      {"no activity", [](Raw& r) { r.plugin.activity_count = 0; }},
      {"more than 1000", [](Raw& r) { r.plugin.activity_count = 5000; }},
      {"is null", [](Raw& r) { r.pointer = nullptr; }},
      {"struct_size", [](Raw& r) { r.activity.struct_size = 16; }},
      {"no usable type", [](Raw& r) { r.activity.type = fermata_string_of(""); }},
      {"no execute", [](Raw& r) { r.activity.execute = nullptr; }},
      {"default deadline", [](Raw& r) { r.activity.default_deadline_ms = 0; }},
      {"repeat safety", [](Raw& r) { r.activity.repeat_safety = 9; }},
      {"no lookup function", [](Raw& r) { r.activity.repeat_safety = FERMATA_REPEAT_LOOKUP; }},
      {"max_concurrency", [](Raw& r) { r.activity.max_concurrency = -1; }},
  };
  EXPECT_EQ(refusal(Raw(nothing)), "");
  for (const Case& c : cases) {
    Raw raw(nothing);
    c.bend(raw);
    EXPECT_NE(refusal(raw).find(c.says), std::string::npos) << c.says << " / " << refusal(raw);
  }
}

TEST(RawAbi, ANewerPluginOfTheBandLoads) {
  Raw raw(nothing);
  raw.plugin.abi_version = FERMATA_ABI_VERSION + 5;
  raw.plugin.struct_size += 64;  // members this host does not know
  EXPECT_EQ(refusal(raw), "");
}

}  // namespace
}  // namespace fermata::activities
