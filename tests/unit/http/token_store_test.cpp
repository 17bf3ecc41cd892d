#include "http/auth/token_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "http/auth/authenticator.h"
#include "http/auth/browser_guard.h"
#include "http/auth/crypto.h"

namespace fermata::http {
namespace {

class TokenStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "fermata-tokens-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    path = folder + "/tokens.json";
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  std::unique_ptr<FileTokenStore> open() {
    auto store = FileTokenStore::open(path);
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }
  std::string file() const {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string folder;
  std::string path;
};

TEST_F(TokenStoreTest, TokenIsFoundAndItsTextIsNowhereInTheFile) {
  const auto store = open();
  const auto made = store->create({.name = "erp", .roles = RoleSet{Role::worker, Role::starter}});
  ASSERT_TRUE(made) << made.error().message;
  const auto principal = store->find(made->token);
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->name, "erp");
  EXPECT_TRUE(principal->roles.contains(Role::worker));
  EXPECT_FALSE(principal->roles.contains(Role::admin));
  EXPECT_EQ(file().find(made->token.substr(17)), std::string::npos);
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
}

TEST_F(TokenStoreTest, NothingButTheWholeTokenIsAccepted) {
  const auto store = open();
  const std::string token = store->create({.name = "a", .roles = RoleSet{Role::reader}})->token;
  EXPECT_FALSE(store->find(""));
  EXPECT_FALSE(store->find(token.substr(0, token.size() - 1)));
  EXPECT_FALSE(store->find(token + "x"));
  std::string flipped = token;
  flipped.back() = flipped.back() == 'A' ? 'B' : 'A';
  EXPECT_FALSE(store->find(flipped));
  EXPECT_FALSE(store->find(token.substr(0, 17)));
}

TEST_F(TokenStoreTest, AnotherProcessCreatesAndRevokes) {
  const auto server = open();
  const auto tool = open();
  const auto made = tool->create({.name = "late", .roles = RoleSet{Role::reader}});
  EXPECT_TRUE(server->find(made->token));
  ASSERT_TRUE(tool->create({.name = "second", .roles = RoleSet{Role::reader}}));
  ASSERT_TRUE(server->revoke("late"));
  EXPECT_FALSE(tool->find(made->token));
  EXPECT_EQ(tool->list()->size(), 1u);
  EXPECT_FALSE(tool->revoke("late"));
}

TEST_F(TokenStoreTest, ExpiredTokensAreRefused) {
  const auto store = open();
  const auto past = store->create({.name = "old", .roles = RoleSet{Role::reader}, .expires_at = Timestamp{1000}});
  const auto future =
      store->create({.name = "new", .roles = RoleSet{Role::reader}, .expires_at = Timestamp{32'503'680'000'000}});
  EXPECT_FALSE(store->find(past->token));
  EXPECT_TRUE(store->find(future->token));
  EXPECT_TRUE(open()->find(future->token));  // survives a restart
}

TEST_F(TokenStoreTest, RefusesNamelessRolelessAndDoubleTokens) {
  const auto store = open();
  EXPECT_EQ(store->create({.name = "", .roles = RoleSet{Role::reader}}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(store->create({.name = "a"}).error().code, ErrorCode::invalid_argument);
  ASSERT_TRUE(store->create({.name = "a", .roles = RoleSet{Role::reader}}));
  EXPECT_EQ(store->create({.name = "a", .roles = RoleSet{Role::reader}}).error().code, ErrorCode::already_exists);
}

TEST_F(TokenStoreTest, RefusesAFileThatOthersMayReadOrThatIsBroken) {
  std::ofstream(path) << "{\"version\":1,\"tokens\":[]}";
  ::chmod(path.c_str(), 0644);
  EXPECT_EQ(FileTokenStore::open(path).error().code, ErrorCode::permission_denied);
  ::chmod(path.c_str(), 0600);
  EXPECT_TRUE(FileTokenStore::open(path));
  std::ofstream(path) << "{\"version\":1,\"tokens\":[{\"id\":1}]}";
  EXPECT_EQ(FileTokenStore::open(path).error().code, ErrorCode::data_loss);
}

TEST_F(TokenStoreTest, BearerAndBasicCarryTheToken) {
  const auto store = open();
  const std::string token = store->create({.name = "a", .roles = RoleSet{Role::reader}})->token;
  const TokenAuthenticator authenticator(*store);
  const auto with = [&](const std::string& value) {
    Headers headers;
    headers.add("Authorization", value);
    return authenticator.authenticate(headers).has_value();
  };
  EXPECT_TRUE(with("Bearer " + token));
  EXPECT_TRUE(with("bearer  " + token));
  EXPECT_TRUE(with("Basic " + to_base64("anybody:" + token)));
  EXPECT_FALSE(with(token));
  EXPECT_FALSE(with("Basic Og=="));
  EXPECT_FALSE(with("Basic ???"));
  EXPECT_FALSE(with("Digest " + token));
  EXPECT_FALSE(authenticator.authenticate(Headers{}));
  Headers twice;
  twice.add("Authorization", "Bearer " + token);
  twice.add("Authorization", "Bearer " + token);
  EXPECT_FALSE(authenticator.authenticate(twice));
}

TEST(RoleSet, ImpliesWhatIsDocumented) {
  EXPECT_TRUE(RoleSet{Role::operator_}.effective().contains(Role::reader));
  EXPECT_TRUE(RoleSet{Role::deployer}.effective().contains(Role::reader));
  EXPECT_FALSE(RoleSet{Role::worker}.effective().contains(Role::reader));
  EXPECT_FALSE(RoleSet{Role::operator_}.effective().contains(Role::deployer));
  EXPECT_TRUE(RoleSet{Role::admin}.effective() == any_role);
  for (const Role role : all_roles) EXPECT_EQ(role_from_name(role_name(role)), role);
}

TEST(BrowserGuard, TellsLoopbackNames) {
  for (const char* good : {"localhost", "localhost:8080", "LOCALHOST", "app.localhost:1", "127.0.0.1:80", "127.9.9.9",
                           "[::1]:8080", "::1"}) {
    EXPECT_TRUE(is_loopback_name(good)) << good;
  }
  for (const char* bad : {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "0.0.0.0",
                          "[::1", "128.0.0.1"}) {
    EXPECT_FALSE(is_loopback_name(bad)) << bad;
  }
}

TEST(BrowserGuard, RefusesForeignPages) {
  const auto refused = [](const char* host, const char* origin) {
    Headers headers;
    headers.add("Host", host);
    if (origin != nullptr) headers.add("Origin", origin);
    return guard_against_foreign_pages(headers).has_value();
  };
  EXPECT_FALSE(refused("localhost:8080", nullptr));
  EXPECT_FALSE(refused("localhost:8080", "http://localhost:3000"));
  EXPECT_FALSE(refused("localhost:8080", "file://"));
  EXPECT_TRUE(refused("localhost:8080", "http://evil.example"));
  EXPECT_TRUE(refused("localhost:8080", "null"));
  EXPECT_TRUE(refused("localhost:8080", "chrome-extension://localhost"));
  EXPECT_TRUE(refused("rebound.evil.example:8080", nullptr));
}

}  // namespace
}  // namespace fermata::http
