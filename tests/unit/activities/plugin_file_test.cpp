// Plugin files: the example built outside the tree loads and runs; what is no plugin is refused in words.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

#include "activities/host/host.h"
#include "activities/host/loader.h"

namespace fermata::activities {
namespace {

using namespace std::chrono_literals;

/// An empty directory, gone at the end.
class PluginFile : public testing::Test {
 protected:
  PluginFile() : directory_(testing::TempDir() + "fermata-plugin-" + std::to_string(::getpid())) {
    std::filesystem::create_directories(directory_);
  }
  ~PluginFile() override { std::filesystem::remove_all(directory_); }

  static std::string refusal(const std::string& path) {
    const auto loaded = load_plugin(path);
    return loaded ? std::string() : loaded.error().message;
  }

  std::string directory_;
};

ActivityOutcome run(Host& host, ActivityCall call) {
  std::promise<ActivityOutcome> promise;
  const auto accepted =
      host.submit(std::move(call), [&](ActivityOutcome outcome) { promise.set_value(std::move(outcome)); });
  EXPECT_TRUE(accepted) << accepted.error().message;
  return promise.get_future().get();
}

TEST_F(PluginFile, TheExampleBuiltOutsideTheTreeRuns) {
  const std::string command =
      "timeout 300 '" FERMATA_SOURCE_DIR "/examples/plugin-hello/build-outside.sh' '" + directory_ + "' >&2";
  ASSERT_EQ(std::system(command.c_str()), 0);
  Host strict;
  const auto refused = strict.load(directory_ + "/build/hello.so", {.config_json = R"({"greeting":""})"});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("\"greeting\" must not be empty"), std::string::npos);
  Host host({.secrets = SecretSource::of({{"HELLO_KEY", "hello-canary"}})});
  const auto loaded =
      host.load_directory(directory_ + "/build", {{"hello", {.config_json = R"({"greeting":"Good morning"})"}}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(std::get<ActivityCompleted>(run(host, {.type = "hello", .input_json = R"({"name":"Ada"})"})).output_json,
            R"({"message":"Good morning, Ada!"})");
  EXPECT_EQ(std::get<ActivityBpmnError>(run(host, {.type = "hello"})).code, "NO_NAME");
  EXPECT_EQ(std::get<ActivityCompleted>(run(host, {.type = "hello.sign", .input_json = R"({"text":"x"})"})).output_json,
            R"_({"signed":"x (signed with ***)"})_");
  EXPECT_FALSE(std::get<ActivityFailed>(run(host, {.type = "hello.sign"})).retryable);
  ASSERT_EQ(host.activities().size(), 2u);
  EXPECT_EQ(host.activities()[0].plugin, "hello");
  EXPECT_EQ(host.default_deadline("hello.sign"), 5s);
}

TEST_F(PluginFile, WhatIsNoPluginIsRefused) {
  EXPECT_NE(refusal(directory_ + "/none.so").find("No such file"), std::string::npos);
  EXPECT_NE(refusal(directory_).find("not a regular file"), std::string::npos);
  const std::string text = directory_ + "/text.so";
  std::ofstream(text) << "not a library";
  EXPECT_NE(refusal(text).find("refused"), std::string::npos);
  Dl_info info{};
  ASSERT_NE(::dladdr(reinterpret_cast<void*>(&::getpid), &info), 0);
  EXPECT_NE(refusal(info.dli_fname).find("does not export fermata_plugin_v1"), std::string::npos);
  const std::string open = directory_ + "/open.so";
  std::ofstream(open) << "anything";
  ::chmod(open.c_str(), 0777);
  EXPECT_NE(refusal(open).find("everybody may write"), std::string::npos);
  Host host;
  EXPECT_FALSE(host.load_directory(directory_ + "/nowhere", {}));
}

}  // namespace
}  // namespace fermata::activities
