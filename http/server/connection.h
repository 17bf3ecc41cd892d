// Connection: the state machine of one client connection: head, body, answer, next head.
//
// It never blocks on the network: advance() goes as far as the bytes at hand allow and says what to wait for, so a slow
// client costs a file descriptor and a buffer, but no thread. Only Exchange::answer() may block, on the engine. Used by
// one thread at a time; the Reactor hands it from one to the next.
//
//   Connection connection(7, std::move(transport), peer, shared);
//   while (connection.advance() == Connection::Wait::read) wait_until_readable();
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "http/server/application.h"
#include "http/server/body_reader.h"
#include "http/server/options.h"
#include "http/server/transport.h"

namespace fermata::http {

using Clock = std::chrono::steady_clock;

/// Bytes of request bodies held in memory by all connections.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  [[nodiscard]] bool take(std::size_t bytes) {
    if (used_.fetch_add(bytes) + bytes <= bytes_max_) return true;
    used_.fetch_sub(bytes);
    return false;
  }
  void give_back(std::size_t bytes) { used_.fetch_sub(bytes); }

 private:
  const std::size_t bytes_max_;
  std::atomic<std::size_t> used_{0};
};

/// Long polls ask here before they wait.
class Parking {
 public:
  virtual ~Parking() = default;
  virtual bool enter_parking() = 0;
  virtual void leave_parking() = 0;
};

/// The way of a LaterAnswer back to its connection. It outlives the server: whoever has the answer may be slower than a shutdown.
class Wakes {
 public:
  explicit Wakes(std::function<void(std::uint64_t)> wake) : wake_(std::move(wake)) {}
  void wake(std::uint64_t connection) {
    const std::scoped_lock lock(mutex_);
    if (wake_) wake_(connection);
  }
  /// From now on waking does nothing; nobody is inside when it returns.
  void disconnect() {
    const std::scoped_lock lock(mutex_);
    wake_ = nullptr;
  }

 private:
  std::mutex mutex_;
  std::function<void(std::uint64_t)> wake_;
};

/// What all connections of a server share.
struct ConnectionShared {
  const ServerOptions& options;
  Application& application;
  Parking& parking;
  std::shared_ptr<Wakes> wakes;
  BodyBudget body_budget;
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> awaiting{0};  ///< connections whose answer comes later
};

class Connection : private RequestHost {
 public:
  enum class Wait { read, write, answer, closed };

  /// `id` is what the Wakes are called with.
  Connection(std::uint64_t id, std::unique_ptr<Transport> transport, Peer peer, ConnectionShared& shared);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Goes on as far as possible. After `closed` the object is only good for destruction.
  [[nodiscard]] Wait advance();
  /// The present phase has lasted too long: answers 408 where an answer is due, and ends.
  [[nodiscard]] Wait expire();
  /// When expire() is due.
  [[nodiscard]] Clock::time_point deadline() const;
  /// No request is under way: may be closed without a word when the server stops.
  [[nodiscard]] bool idle() const { return phase_ == Phase::head && in_.empty(); }
  /// The answer is yet to come. Once it is there, advance() goes on.
  [[nodiscard]] bool awaits_answer() const { return phase_ == Phase::answering; }
  [[nodiscard]] bool answer_there() const { return later_ != nullptr && later_->there(); }

  [[nodiscard]] int fd() const { return transport_->fd(); }
  [[nodiscard]] const Peer& peer() const { return peer_; }

 private:
  enum class Phase { head, body, answering, writing, lingering };

  // Each goes on in its phase: nullopt when the phase has changed, else what to wait for.
  std::optional<Wait> read_head();
  std::optional<Wait> read_body();
  std::optional<Wait> take_answer();
  std::optional<Wait> write_out();
  std::optional<Wait> linger();

  std::optional<Wait> fill();
  void begin_exchange();
  void run_exchange();
  void start_writing(std::string bytes);
  void refuse(const HeadRefusal& refusal);
  void enter(Phase phase);
  void moved(std::size_t bytes);
  [[nodiscard]] Clock::time_point transfer_deadline(const RateLimit& limit) const;
  [[nodiscard]] bool silence_is_ours(short ready, const RateLimit& limit);
  bool reserve_body();
  void end_exchange();
  void give_back_body();
  [[nodiscard]] bool client_broken() const;

  LaterAnswerPtr answer_later() override;
  bool enter_parking() override { return shared_.parking.enter_parking(); }
  void leave_parking() override { shared_.parking.leave_parking(); }
  [[nodiscard]] bool client_gone() const override;
  [[nodiscard]] bool stopping() const override { return shared_.stopping.load(std::memory_order_relaxed); }

  const std::uint64_t id_;
  std::unique_ptr<Transport> transport_;
  Peer peer_;
  ConnectionShared& shared_;

  Phase phase_ = Phase::head;
  Clock::time_point phase_began_;
  Clock::time_point moved_at_ = phase_began_;  ///< the last byte of this phase, or its beginning
  std::size_t phase_bytes_ = 0;                ///< moved in this phase, for the minimum rate
  bool readable_ = true;                       ///< the socket may have bytes; false after it gave less than asked
  bool close_after_ = false;
  bool unread_input_ = false;  ///< the client may still be sending what nobody will read
  std::size_t requests_ = 0;

  std::string in_;
  HeadScan scan_;
  std::unique_ptr<Exchange> exchange_;
  BodyReader body_;
  std::size_t body_reserved_ = 0;
  LaterAnswerPtr later_;
  std::string out_;
  std::size_t out_written_ = 0;
};

}  // namespace fermata::http
