#include "http/server/message_head.h"

#include <gtest/gtest.h>

namespace fermata::http {
namespace {

int refusal_of(const std::string& head) {
  const HeadParse parsed = parse_head(head, HeadLimits{});
  const auto* refusal = std::get_if<HeadRefusal>(&parsed);
  return refusal == nullptr ? 0 : refusal->status;
}

MessageHead accepted(const std::string& head) {
  HeadParse parsed = parse_head(head, HeadLimits{});
  const auto* refusal = std::get_if<HeadRefusal>(&parsed);
  EXPECT_EQ(refusal, nullptr) << (refusal == nullptr ? "" : refusal->reason);
  return refusal == nullptr ? std::get<MessageHead>(std::move(parsed)) : MessageHead{};
}

TEST(MessageHead, ReadsLineFieldsAndFraming) {
  const MessageHead head =
      accepted("POST /a/b%20c?x=1&y HTTP/1.1\r\nHost: h:1\r\nContent-Length:  12 \r\nX-A: b\tc\r\n\r\n");
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.path, "/a/b%20c");
  EXPECT_EQ(head.query, "x=1&y");
  EXPECT_EQ(head.content_length, 12u);
  EXPECT_EQ(head.headers.value("x-a"), "b\tc");
  EXPECT_TRUE(head.keep_alive);
}

TEST(MessageHead, AbsoluteFormLosesSchemeAndAuthority) {
  EXPECT_EQ(accepted("GET http://other/p?q HTTP/1.1\r\nHost: h\r\n\r\n").target, "/p?q");
  EXPECT_EQ(accepted("GET http://other HTTP/1.1\r\nHost: h\r\n\r\n").path, "/");
}

TEST(MessageHead, ConnectionCloseAndOldVersionEndTheConnection) {
  EXPECT_FALSE(accepted("GET / HTTP/1.1\r\nHost: h\r\nConnection: foo, Close\r\n\r\n").keep_alive);
  EXPECT_FALSE(accepted("GET / HTTP/1.0\r\n\r\n").keep_alive);
}

TEST(MessageHead, DropsTheNamesThatTheLibraryTrusts) {
  const MessageHead head =
      accepted("GET / HTTP/1.1\r\nHost: h\r\nREMOTE_ADDR: 1.2.3.4\r\nlocal_addr: x\r\nRemote_Port: 1\r\n\r\n");
  EXPECT_EQ(head.headers.size(), 1u);
}

TEST(MessageHead, RefusesWhatAProxyCouldReadOtherwise) {
  const std::string post = "POST / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(refusal_of(post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "Content-Length: 1, 1\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "Content-Length: +1\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "Content-Length: 0x10\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "Content-Length:\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "Content-Length: 99999999999999999999\r\n\r\n"), 413);
  EXPECT_EQ(refusal_of(post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "Transfer-Encoding: gzip, chunked\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "Transfer-Encoding: \vchunked\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "Content-Length : 1\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "A: b\r\n folded\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "NoColon\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + ": empty\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(post + "Host: other\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(MessageHead, RefusesControlCharacters) {
  using namespace std::string_literals;
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: h\r\nA: b\0c\r\n\r\n"s), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n"s), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: h\r\nA\x01: b\r\n\r\n"s), 400);
  EXPECT_EQ(refusal_of("GET /\x7f HTTP/1.1\r\nHost: h\r\n\r\n"s), 400);
  EXPECT_EQ(refusal_of("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n"s), 400);
  EXPECT_EQ(refusal_of("G\tET / HTTP/1.1\r\nHost: h\r\n\r\n"s), 400);
}

TEST(MessageHead, RefusesOtherVersions) {
  EXPECT_EQ(refusal_of("PRI * HTTP/2.0\r\n\r\n"), 505);
  EXPECT_EQ(refusal_of("GET /\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET x HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
}

TEST(MessageHead, CountsLinesAndTheirLength) {
  std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 100; ++i) many += "A: b\r\n";
  EXPECT_EQ(refusal_of(many + "\r\n"), 431);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: h\r\nA: " + std::string(9000, 'x') + "\r\n\r\n"), 431);
  EXPECT_EQ(refusal_of("GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n"), 414);
}

TEST(HeadScan, FindsTheEndWhateverTheSlices) {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\n\r\nrest";
  for (std::size_t step = 1; step < bytes.size(); ++step) {
    HeadScan scan;
    for (std::size_t n = step; scan.end == 0 && n <= bytes.size() + step; n += step) {
      find_head_end(std::string_view(bytes).substr(0, n), HeadLimits{}, scan);
    }
    EXPECT_EQ(scan.end, bytes.size() - 4) << "slices of " << step;
    EXPECT_FALSE(scan.refusal);
  }
}

TEST(HeadScan, RefusesEarly) {
  const auto scanned = [](const std::string& bytes) {
    HeadScan scan;
    find_head_end(bytes, HeadLimits{}, scan);
    return scan.refusal ? scan.refusal->status : 0;
  };
  EXPECT_EQ(scanned("\x16\x03\x01"), 400);  // a TLS greeting
  EXPECT_EQ(scanned("GET / HTTP/1.1\n"), 400);
  EXPECT_EQ(scanned(std::string(40'000, 'a')), 414);
  EXPECT_EQ(scanned("GET / HTTP/1.1\r\nA: " + std::string(40'000, 'a')), 431);
  EXPECT_EQ(scanned("GET / HTTP/1.1\r\nA: b"), 0);
}

}  // namespace
}  // namespace fermata::http
