// BodyReader: takes the body of one request out of the connection's bytes, counted against the route's limit, chunked
// or not.
//
// Pure. The limit holds for the decoded bytes; the framing of a chunked body (sizes, extensions, trailers) has a bound
// of its own, so that a client cannot send without end by sending nothing but framing.
//
//   BodyReader reader(head, route.body_bytes_max);
//   reader.feed(buffer);                       // removes what it used from the front of `buffer`
//   if (reader.status() == BodyReader::Status::complete) use(reader.take());
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/server/message_head.h"

namespace fermata::http {

class BodyReader {
 public:
  enum class Status { need_more, complete, refused };

  BodyReader() : status_(Status::complete) {}
  /// Refuses at once with 413 when the announced length is beyond `bytes_max`.
  BodyReader(const MessageHead& head, std::size_t bytes_max);

  void feed(std::string& buffer);

  [[nodiscard]] Status status() const { return status_; }
  [[nodiscard]] const HeadRefusal& refusal() const { return refusal_; }
  [[nodiscard]] std::size_t size() const { return body_.size(); }
  [[nodiscard]] std::string take() { return std::move(body_); }

 private:
  enum class Part { size_line, data, data_end, trailer };

  std::size_t feed_chunked(std::string_view bytes);
  std::size_t read_line(std::string_view bytes);
  void on_line(std::string_view line);
  void on_size_line(std::string_view line);
  void refuse(int status, std::string reason);

  Status status_ = Status::need_more;
  HeadRefusal refusal_;
  std::string body_;
  std::size_t bytes_max_ = 0;
  bool chunked_ = false;
  Part part_ = Part::size_line;
  std::uint64_t remaining_ = 0;      ///< of the body, or of the present chunk
  std::uint64_t framing_bytes_ = 0;  ///< of a chunked body: everything that is not data
};

}  // namespace fermata::http
