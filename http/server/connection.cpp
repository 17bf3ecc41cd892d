#include "http/server/connection.h"

#include <poll.h>

#include <algorithm>
#include <array>

namespace fermata::http {

namespace {

constexpr std::size_t read_bytes = 16u << 10;
constexpr std::size_t unread_body_max = 64u << 10;  // a body read only to keep the connection after a refusal
constexpr std::size_t linger_bytes_max = 1u << 20;  // discarded after a refusal, so that the client sees the answer
constexpr std::chrono::milliseconds linger_max{2'000};
constexpr std::size_t keep_buffer_max = 64u << 10;  // larger buffers are given back between requests

Clock::time_point at_rate(Clock::time_point began, std::size_t bytes, const RateLimit& limit) {
  return began + limit.grace + std::chrono::milliseconds(bytes * 1000 / limit.bytes_per_second_min);
}

bool socket_is(short ready, int fd) {
  pollfd watched{fd, ready, 0};
  return ::poll(&watched, 1, 0) > 0 && (watched.revents & ready) != 0;
}

}  // namespace

Connection::Connection(std::uint64_t id, std::unique_ptr<Transport> transport, Peer peer, ConnectionShared& shared)
    : id_(id), transport_(std::move(transport)), peer_(std::move(peer)), shared_(shared), phase_began_(Clock::now()) {}

Connection::~Connection() {
  if (phase_ == Phase::answering) --shared_.awaiting;
  end_exchange();
}

Connection::Wait Connection::advance() {
  readable_ = true;
  while (true) {
    std::optional<Wait> wait;
    switch (phase_) {
      case Phase::head:
        wait = read_head();
        break;
      case Phase::body:
        wait = read_body();
        break;
      case Phase::answering:
        wait = take_answer();
        break;
      case Phase::writing:
        wait = write_out();
        break;
      case Phase::lingering:
        wait = linger();
        break;
    }
    if (wait) return *wait;
  }
}

Clock::time_point Connection::deadline() const {
  const ServerOptions& options = shared_.options;
  switch (phase_) {
    case Phase::head:
      return phase_began_ + (in_.empty() && requests_ > 0 ? options.idle_max : options.head_deadline);
    case Phase::body:
      return transfer_deadline(options.body);
    case Phase::answering:
      return Clock::time_point::max();  // whoever owes the answer has a deadline of its own
    case Phase::writing:
      return transfer_deadline(options.response);
    case Phase::lingering:
      return phase_began_ + linger_max;
  }
  return phase_began_;
}

/// By its rate and by its last byte.
Clock::time_point Connection::transfer_deadline(const RateLimit& limit) const {
  return std::min(at_rate(phase_began_, phase_bytes_, limit), moved_at_ + limit.silence_max);
}

/// The client was silent only for want of a thread of ours: what it has sent is there, or it would take more. It has
/// the whole time again, within its rate.
bool Connection::silence_is_ours(short ready, const RateLimit& limit) {
  const Clock::time_point now = Clock::now();
  if (now >= at_rate(phase_began_, phase_bytes_, limit) || !socket_is(ready, fd())) return false;
  moved_at_ = now;
  return true;
}

Connection::Wait Connection::expire() {
  switch (phase_) {
    case Phase::head:
      if (in_.empty()) {
        readable_ = true;
        if (fill().value_or(Wait::read) == Wait::closed || in_.empty()) return Wait::closed;
        refuse({503, "All threads of the server are busy; try again."});  // the bytes were there: it was our fault
      } else {
        refuse({408, "The request head did not arrive in time."});
      }
      return advance();
    case Phase::body:
      if (silence_is_ours(POLLIN, shared_.options.body)) return Wait::read;
      refuse({408, "The request body arrives too slowly."});
      return advance();
    case Phase::answering:
      refuse({503, "The server is shutting down. What the request has begun goes on; ask for its state later."});
      return advance();
    case Phase::writing:
      return silence_is_ours(POLLOUT, shared_.options.response) ? Wait::write : Wait::closed;
    case Phase::lingering:
      return Wait::closed;
  }
  return Wait::closed;
}

std::optional<Connection::Wait> Connection::read_head() {
  while (true) {
    if (scan_.scanned == 0 && in_.starts_with("\r\n")) in_.erase(0, 2);  // RFC 9112, 2.2
    find_head_end(in_, shared_.options.head, scan_);
    if (scan_.refusal) {
      refuse(*scan_.refusal);
      return std::nullopt;
    }
    if (scan_.end != 0) {
      begin_exchange();
      return std::nullopt;
    }
    const bool was_empty = in_.empty();
    if (was_empty && stopping() && requests_ > 0) return Wait::closed;
    if (auto wait = fill()) return wait;
    if (was_empty) phase_began_ = Clock::now();  // the deadline runs from the first byte
  }
}

void Connection::begin_exchange() {
  HeadParse parsed = parse_head(std::string_view(in_).substr(0, scan_.end), shared_.options.head);
  in_.erase(0, scan_.end);
  scan_ = {};
  if (const auto* refusal = std::get_if<HeadRefusal>(&parsed)) return refuse(*refusal);

  MessageHead& head = std::get<MessageHead>(parsed);
  ++requests_;
  close_after_ = !head.keep_alive || stopping() || requests_ >= shared_.options.requests_per_connection_max;
  const bool has_body = head.has_body();
  const bool continue_expected = head.expects_continue && has_body && in_.empty();
  const bool small_body = !head.chunked && head.content_length.value_or(0) <= unread_body_max;
  const MessageHead framing{.content_length = head.content_length, .chunked = head.chunked};
  exchange_ = shared_.application.begin(std::move(head), peer_);
  enter(Phase::body);
  if (!exchange_->settled()) {
    body_ = BodyReader(framing, exchange_->body_bytes_max());
    if (continue_expected && body_.status() == BodyReader::Status::need_more) {
      (void)transport_->write("HTTP/1.1 100 Continue\r\n\r\n");
    }
  } else if (small_body && !continue_expected) {
    body_ = BodyReader(framing, unread_body_max);  // read and forgotten: cheaper for everybody than a new connection
  } else {
    body_ = BodyReader();
    unread_input_ = close_after_ = true;
  }
}

std::optional<Connection::Wait> Connection::read_body() {
  while (true) {
    body_.feed(in_);
    if (!reserve_body()) {
      refuse({503, "The server holds too many request bodies; try again."});
      return std::nullopt;
    }
    switch (body_.status()) {
      case BodyReader::Status::complete:
        run_exchange();
        return std::nullopt;
      case BodyReader::Status::refused:
        refuse(body_.refusal());
        return std::nullopt;
      case BodyReader::Status::need_more:
        break;
    }
    if (auto wait = fill()) return wait;
  }
}

bool Connection::reserve_body() {
  const std::size_t grown = body_.size() - std::min(body_reserved_, body_.size());
  if (grown == 0) return true;
  if (!shared_.body_budget.take(grown)) return false;
  body_reserved_ += grown;
  return true;
}

void Connection::run_exchange() {
  if (std::optional<std::string> bytes = exchange_->answer(body_.take(), *this, close_after_)) {
    return start_writing(std::move(*bytes));
  }
  give_back_body();
  if (later_ == nullptr) return refuse({500, "The server has lost the answer."});  // a defect: later() without answer_later()
  enter(Phase::answering);
}

LaterAnswerPtr Connection::answer_later() {
  later_ = std::make_shared<LaterAnswer>([wakes = shared_.wakes, id = id_] { wakes->wake(id); });
  return later_;
}

std::optional<Connection::Wait> Connection::take_answer() {
  if (!answer_there()) return client_broken() ? Wait::closed : Wait::answer;
  if (stopping()) close_after_ = true;
  start_writing(exchange_->answer_now(later_->take(), close_after_));
  return std::nullopt;
}

void Connection::start_writing(std::string bytes) {
  out_ = std::move(bytes);
  if (stopping()) close_after_ = true;
  end_exchange();
  enter(Phase::writing);
}

void Connection::refuse(const HeadRefusal& refusal) {
  out_ = exchange_ ? exchange_->refuse(refusal) : shared_.application.refuse(refusal);
  end_exchange();
  unread_input_ = close_after_ = true;
  enter(Phase::writing);
}

void Connection::end_exchange() {
  exchange_.reset();
  later_.reset();
  body_ = BodyReader();
  give_back_body();
}

void Connection::give_back_body() {
  shared_.body_budget.give_back(body_reserved_);
  body_reserved_ = 0;
}

std::optional<Connection::Wait> Connection::write_out() {
  while (out_written_ < out_.size()) {
    const IoResult wrote = transport_->write(std::string_view(out_).substr(out_written_));
    switch (wrote.status) {
      case IoStatus::ok:
        out_written_ += wrote.bytes;
        moved(wrote.bytes);
        break;
      case IoStatus::want_read:
        return Wait::read;
      case IoStatus::want_write:
        return Wait::write;
      case IoStatus::closed:
        return Wait::closed;
    }
  }
  out_written_ = 0;
  out_.clear();
  if (out_.capacity() > keep_buffer_max) out_.shrink_to_fit();
  if (in_.empty() && in_.capacity() > keep_buffer_max) in_.shrink_to_fit();
  if (!close_after_) {
    enter(Phase::head);
    return std::nullopt;
  }
  transport_->finish_writing();
  if (!unread_input_ && in_.empty()) return Wait::closed;
  in_.clear();
  enter(Phase::lingering);
  return std::nullopt;
}

/// Closing with unread bytes would reset the connection, and the client might never see why it was refused.
std::optional<Connection::Wait> Connection::linger() {
  while (true) {
    if (auto wait = fill()) return wait;
    in_.clear();
    if (phase_bytes_ > linger_bytes_max) return Wait::closed;
  }
}

/// Reads what is there: nullopt when bytes came, else what to wait for.
std::optional<Connection::Wait> Connection::fill() {
  if (!readable_) return Wait::read;
  std::array<char, read_bytes> buffer;
  const IoResult got = transport_->read(buffer);
  switch (got.status) {
    case IoStatus::ok:
      in_.append(buffer.data(), got.bytes);
      moved(got.bytes);
      readable_ = got.bytes == buffer.size() || transport_->reads_ahead();
      return std::nullopt;
    case IoStatus::want_read:
      return Wait::read;
    case IoStatus::want_write:
      return Wait::write;
    case IoStatus::closed:
      return Wait::closed;
  }
  return Wait::closed;
}

void Connection::enter(Phase phase) {
  if (phase_ == Phase::answering) --shared_.awaiting;
  if (phase == Phase::answering) ++shared_.awaiting;
  phase_ = phase;
  phase_began_ = moved_at_ = Clock::now();
  phase_bytes_ = 0;
}

void Connection::moved(std::size_t bytes) {
  phase_bytes_ += bytes;
  moved_at_ = Clock::now();
}

/// Reset, not only done with sending: who has half closed may still read the answer.
bool Connection::client_broken() const {
  pollfd watched{transport_->fd(), 0, 0};
  return ::poll(&watched, 1, 0) > 0 && (watched.revents & (POLLHUP | POLLERR)) != 0;
}

bool Connection::client_gone() const {
  pollfd watched{transport_->fd(), POLLRDHUP, 0};
  return ::poll(&watched, 1, 0) > 0 && (watched.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace fermata::http
