#include "http/server/multipart.h"

#include <gtest/gtest.h>

namespace fermata::http {
namespace {

constexpr const char* type = "multipart/form-data; boundary=\"x-1\"";

TEST(Multipart, ReadsFieldsAndFiles) {
  const std::string body =
      "preamble\r\n--x-1\r\nContent-Disposition: form-data; name=\"deployment-name\"\r\n\r\norder\r\n"
      "--x-1\r\ncontent-disposition: form-data; name=\"o2c.bpmn\"; filename=\"o2c \\\"1\\\".bpmn\"\r\nContent-Type: "
      "text/xml\r\n\r\n"
      "<a>\r\n--x</a>\r\n--x-1--\r\n";
  const auto parts = parse_multipart(body, type);
  ASSERT_TRUE(parts) << parts.error().message;
  ASSERT_EQ(parts->size(), 2u);
  EXPECT_EQ((*parts)[0].name, "deployment-name");
  EXPECT_EQ((*parts)[0].filename, std::nullopt);
  EXPECT_EQ((*parts)[0].body, "order");
  EXPECT_EQ((*parts)[1].filename, "o2c \"1\".bpmn");
  EXPECT_EQ((*parts)[1].content_type, "text/xml");
  EXPECT_EQ((*parts)[1].body, "<a>\r\n--x</a>");
}

TEST(Multipart, EmptyFormHasNoParts) {
  const auto parts = parse_multipart("--x-1--\r\n", type);
  ASSERT_TRUE(parts);
  EXPECT_TRUE(parts->empty());
}

TEST(Multipart, RefusesWhatIsBroken) {
  EXPECT_FALSE(parse_multipart("--x-1--", "multipart/form-data"));
  EXPECT_FALSE(parse_multipart("nothing", type));
  EXPECT_FALSE(parse_multipart("--x-1\r\nContent-Disposition: form-data; name=a\r\n\r\nno end", type));
  EXPECT_FALSE(parse_multipart("--x-1\r\nContent-Disposition: form-data\r\n\r\n\r\n--x-1--", type));
  EXPECT_FALSE(parse_multipart("--x-1\r\nContent-Type: a\r\n\r\n\r\n--x-1--", type));
  EXPECT_FALSE(parse_multipart("--x-1\r\nA: " + std::string(9000, 'x') + "\r\n\r\n\r\n--x-1--", type));
  std::string many;
  for (int i = 0; i < 300; ++i) many += "--x-1\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n";
  EXPECT_FALSE(parse_multipart(many + "--x-1--", type));
}

TEST(Multipart, EveryPrefixIsRefusedOrEmptyAndNeverReadsBeyond) {
  const std::string body = "--x-1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--x-1--\r\n";
  for (std::size_t n = 0; n + 4 < body.size(); ++n) {
    const std::string cut = body.substr(0, n);
    EXPECT_FALSE(parse_multipart(cut, type)) << n;
  }
}

TEST(HeaderParameter, FindsTheWholeName) {
  EXPECT_EQ(header_parameter("form-data; filename=\"b\"; name=\"a;c\"", "name"), "a;c");
  EXPECT_EQ(header_parameter("text/plain; charset=utf-8", "charset"), "utf-8");
  EXPECT_EQ(header_parameter("text/plain", "charset"), std::nullopt);
}

}  // namespace
}  // namespace fermata::http
