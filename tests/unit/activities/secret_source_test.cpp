// Secrets come from a private file or the environment, and a mistake is named without showing a value.
#include "activities/host/secret_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "activities/host/redactor.h"

namespace fermata::activities {
namespace {

class SecretFile : public testing::Test {
 protected:
  SecretFile() : path_(testing::TempDir() + "fermata-secrets-" + std::to_string(::getpid())) {}
  ~SecretFile() override { std::filesystem::remove(path_); }

  void write(const std::string& text, mode_t mode = 0600) {
    std::ofstream(path_) << text;
    ::chmod(path_.c_str(), mode);
  }

  std::string path_;
};

TEST_F(SecretFile, NamesAndValues) {
  write("# the ERP\nERP_PASSWORD = s3cret = with equals \n\nPADDED=\"  x  \"\r\n");
  const auto source = SecretSource::load(path_);
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ(source->find("ERP_PASSWORD"), "s3cret = with equals");
  EXPECT_EQ(source->find("PADDED"), "  x  ");
  EXPECT_FALSE(source->find("erp_password"));
}

TEST_F(SecretFile, OthersMayNotReadIt) {
  for (const mode_t mode : {0640u, 0604u, 0660u, 0644u}) {
    write("A = value\n", mode);
    const auto source = SecretSource::load(path_);
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, ErrorCode::permission_denied);
  }
}

TEST_F(SecretFile, AWrongLineIsNamedButNotShown) {
  write("A = one\nthis is a forgotten-password\n");
  const auto source = SecretSource::load(path_);
  ASSERT_FALSE(source);
  EXPECT_NE(source.error().message.find("line 2"), std::string::npos);
  EXPECT_EQ(source.error().message.find("forgotten-password"), std::string::npos);
}

TEST_F(SecretFile, MissingOrNoFile) {
  EXPECT_FALSE(SecretSource::load(path_ + "-nowhere"));
  EXPECT_FALSE(SecretSource::load("/dev/null"));
  write(std::string((1u << 20) + 10, 'x'));
  EXPECT_FALSE(SecretSource::load(path_));
}

TEST_F(SecretFile, TheEnvironmentFillsInAndTheFileWins) {
  ::setenv("FERMATA_SECRET_FROM_ENV", "env-value", 1);
  ::setenv("FERMATA_SECRET_BOTH", "env-value", 1);
  write("BOTH = file-value\n");
  const auto source = SecretSource::load(path_);
  ASSERT_TRUE(source);
  EXPECT_EQ(source->find("FROM_ENV"), "env-value");
  EXPECT_EQ(source->find("BOTH"), "file-value");
  EXPECT_EQ(SecretSource::from_environment().find("BOTH"), "env-value");
}

TEST(Redactor, KnowsTheFormsInWhichASecretTravels) {
  Redactor redactor;
  ASSERT_TRUE(redactor.add("p@ss w\"rd"));
  EXPECT_EQ(redactor.text("a p@ss w\"rd b"), "a *** b");
  EXPECT_EQ(redactor.text("a=p%40ss%20w%22rd&"), "a=***&");
  EXPECT_EQ(redactor.text("Basic cEBzcyB3InJk"), "Basic ***");
  EXPECT_EQ(redactor.text(R"({"e":"p@ss w\"rd"})"), R"({"e":"***"})");
  EXPECT_EQ(*redactor.json(R"({"e":"p\u0040ss w\"rd","n":1.50})"), R"({"e":"***","n":1.50})");
}

TEST(Redactor, ALongerSecretGoesAsAWhole) {
  Redactor redactor;
  redactor.add("abcd");
  redactor.add("abcdef");
  EXPECT_EQ(redactor.text("abcdef abcd"), "*** ***");
  EXPECT_FALSE(redactor.add("abc"));
}

TEST(Redactor, NumbersAndBrokenJson) {
  Redactor redactor;
  redactor.add("31415926");
  EXPECT_EQ(*redactor.json(R"({"n":31415926,"m":3})"), R"({"n":"***","m":3})");
  EXPECT_FALSE(redactor.json("{"));
}

}  // namespace
}  // namespace fermata::activities
