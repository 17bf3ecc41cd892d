#include "http/server/body_reader.h"

#include <gtest/gtest.h>

namespace fermata::http {
namespace {

struct Outcome {
  BodyReader::Status status;
  int refused_with;
  std::string body;
  std::string rest;
};

Outcome read(const std::string& bytes, std::size_t limit, std::size_t slice, bool chunked = true,
             std::uint64_t length = 0) {
  MessageHead head;
  head.chunked = chunked;
  if (!chunked) head.content_length = length;
  BodyReader reader(head, limit);
  std::string buffer;
  for (std::size_t at = 0; at < bytes.size() && reader.status() == BodyReader::Status::need_more; at += slice) {
    buffer += bytes.substr(at, slice);
    reader.feed(buffer);
  }
  return {reader.status(), reader.refusal().status, reader.take(), buffer};
}

TEST(BodyReader, TakesExactlyTheAnnouncedLength) {
  const Outcome got = read("hello next", 100, 3, false, 5);
  EXPECT_EQ(got.status, BodyReader::Status::complete);
  EXPECT_EQ(got.body, "hello");
  EXPECT_EQ(got.rest, " ");
}

TEST(BodyReader, RefusesAnAnnouncedLengthBeforeAnyByte) {
  MessageHead head;
  head.content_length = 101;
  EXPECT_EQ(BodyReader(head, 100).refusal().status, 413);
  EXPECT_EQ(BodyReader(head, 101).status(), BodyReader::Status::need_more);
}

TEST(BodyReader, DecodesChunksWhateverTheSlices) {
  const std::string bytes = "5\r\nhello\r\n6;name=\"v\"\r\n world\r\n0\r\nTrailer: x\r\n\r\nNEXT";
  for (std::size_t slice = 1; slice <= bytes.size(); ++slice) {
    const Outcome got = read(bytes, 100, slice);
    EXPECT_EQ(got.status, BodyReader::Status::complete) << slice;
    EXPECT_EQ(got.body, "hello world") << slice;
  }
  EXPECT_EQ(read(bytes, 100, bytes.size()).rest, "NEXT");
}

TEST(BodyReader, CountsChunksAgainstTheLimit) {
  EXPECT_EQ(read("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", 10, 4).refused_with, 413);
  EXPECT_EQ(read("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", 11, 4).status, BodyReader::Status::complete);
  EXPECT_EQ(read("FFFFFFFFFFFFFFF\r\n", 1000, 50).refused_with, 413);
  EXPECT_EQ(read("FFFFFFFFFFFFFFFFFFFFF\r\n", 1000, 50).refused_with, 413);
}

TEST(BodyReader, RefusesBrokenChunks) {
  EXPECT_EQ(read("\r\n", 100, 50).refused_with, 400);
  EXPECT_EQ(read("-1\r\n", 100, 50).refused_with, 400);
  EXPECT_EQ(read("0x5\r\nhello\r\n", 100, 50).refused_with, 400);
  EXPECT_EQ(read("5\nhello", 100, 50).refused_with, 400);
  EXPECT_EQ(read("5\r\nhelloX\r\n", 100, 50).refused_with, 400);
  EXPECT_EQ(read("5;" + std::string(600, 'x'), 100, 50).refused_with, 400);
}

TEST(BodyReader, FramingAloneDoesNotGoOnForEver) {
  std::string bytes;
  for (int i = 0; i < 10'000; ++i) bytes += "1;" + std::string(200, 'x') + "\r\na\r\n";
  EXPECT_EQ(read(bytes, 1u << 20, 4096).refused_with, 400);
  bytes = "0\r\n";
  for (int i = 0; i < 10'000; ++i) bytes += "Trailer: xxxx\r\n";
  EXPECT_EQ(read(bytes, 1u << 20, 4096).refused_with, 400);
}

TEST(BodyReader, ManySmallChunksAreFine) {
  std::string bytes;
  for (int i = 0; i < 10'000; ++i) bytes += "1\r\na\r\n";
  EXPECT_EQ(read(bytes + "0\r\n\r\n", 1u << 20, 4096).body.size(), 10'000u);
}

}  // namespace
}  // namespace fermata::http
