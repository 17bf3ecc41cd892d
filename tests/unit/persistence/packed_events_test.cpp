#include "persistence/packed_events.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/base/json.h"
#include "engine/record/codec.h"
#include "persistence/packed_names.h"
#include "persistence/testing/synthetic.h"

namespace fermata {
namespace {

constexpr Timestamp noon{1'780'000'000'000};

Transition rich() {
  Transition transition{.key = TransitionKey{1LL << 51}, .instance = ProcessInstanceKey{7}, .at = noon};
  transition.events = {
      InstanceStarted{{.key = ProcessInstanceKey{(1LL << 51) + 1}, .process_id = "p", .tags = {"a", "ü"}, .started_at = noon}},
      ElementEntered{{.key = ElementInstanceKey{INT64_MAX}, .scope = ElementInstanceKey{1}, .element = UINT32_MAX, .element_id = "é", .loop_counter = -1,
                      .items = *parse_json(R"([1,-1,1e30,0.1,true,false,null,"x",{"":[]}])"), .started_at = Timestamp{-5}}},
      JobCreated{{.key = JobKey{9}, .retries = 0, .priority = INT64_MIN, .headers = {{"k", "v"}, {"", ""}}}},
      SubscriptionOpened{{.key = SubscriptionKey{9}, .interrupting = false, .enclosing = {0, 1, UINT32_MAX}}},
      MessagePublished{{.key = MessageKey{9}, .variables = {{"v", *parse_json("{\"deep\":{\"er\":[12345678901234567890123]}}")}}}},
      JobEnded{JobKey{9}, JobStatus::completed, "", "", Timestamp{0}}};
  return transition;
}

/// What comes out is what the engine's own codec would have read.
void expect_same_events(const Transition& transition) {
  std::string bytes;
  pack_events(bytes, transition);
  const Result<std::string> json = unpack_events(bytes, transition.key, transition.at);
  ASSERT_TRUE(json) << json.error().message;
  const Result<std::vector<Event>> events = decode_events(*json);
  ASSERT_TRUE(events) << events.error().message << '\n' << *json;
  EXPECT_EQ(encode_events(*events), encode_events(transition.events));
}

TEST(PackedEvents, ComeBackAsTheyWere) {
  expect_same_events(rich());
  testing::CountingKeys keys;
  DefinitionKey definition;
  expect_same_events(testing::deploy_order(keys, noon, definition));
  testing::SyntheticInstance instance(keys, {.definition = definition});
  while (!instance.ended()) {
    expect_same_events(instance.step(noon));
    instance.settle();
  }
}

TEST(PackedEvents, AreMuchSmallerThanTheirJson) {
  testing::CountingKeys keys;
  testing::SyntheticInstance instance(keys, {.variable_bytes = 0});
  std::size_t packed = 0, json = 0;
  while (!instance.ended()) {
    const Transition transition = instance.step(noon);
    instance.settle();
    std::string bytes;
    pack_events(bytes, transition);
    packed += bytes.size();
    json += encode_events(transition.events).size();
  }
  EXPECT_LT(packed * 5, json);
}

TEST(PackedEvents, DamageIsNoticedOrHarmless) {
  std::string bytes;
  const Transition transition = rich();
  pack_events(bytes, transition);
  for (std::size_t size = 0; size < bytes.size(); ++size) (void)unpack_events(std::string_view(bytes).substr(0, size), transition.key, transition.at);
  EXPECT_FALSE(unpack_events(std::string_view(bytes).substr(0, bytes.size() - 1), transition.key, transition.at));
  std::mt19937 random(11);
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = bytes;
    for (int flips = 0; flips < 3; ++flips) damaged[random() % damaged.size()] = static_cast<char>(random());
    (void)unpack_events(damaged, transition.key, transition.at);  // must return, without reading beyond the bytes (ASan looks)
  }
  EXPECT_FALSE(unpack_events(std::string(2'000, '\x8a'), transition.key, transition.at)) << "bounded in depth";
}

// A name that is missing in the dictionary is spelled out in every row: append it to packed_names.h.
template <class Struct>
void collect_names(std::vector<std::string>& names) {
  Struct blank{};
  Struct::fields(blank, [&](std::string_view name, auto& field) {
    names.emplace_back(name);
    using Field = std::remove_cvref_t<decltype(field)>;
    if constexpr (requires { Field::fields(field, [](std::string_view, auto&) {}); }) collect_names<Field>(names);
  });
}
template <std::size_t... Index>
std::vector<std::string> all_names(std::index_sequence<Index...>) {
  std::vector<std::string> names;
  (names.emplace_back(std::variant_alternative_t<Index, Event>::event_name), ...);
  (collect_names<std::variant_alternative_t<Index, Event>>(names), ...);
  return names;
}

TEST(PackedEvents, EveryNameIsInTheDictionaryOnce) {
  for (const std::string& name : all_names(std::make_index_sequence<std::variant_size_v<Event>>())) {
    EXPECT_EQ(std::count(packed_names.begin(), packed_names.end(), name), 1) << "append \"" << name << "\" to persistence/packed_names.h";
  }
}

TEST(PackedEvents, TheDictionaryHasNotBeenReordered) {
  EXPECT_EQ(packed_names[0], "instanceStarted");
  EXPECT_EQ(packed_names[10], "variableSet") << "stored rows refer to places: append only";
}

}  // namespace
}  // namespace fermata
