// Reactor: owns all connections and the threads that serve them.
//
// Up to threads_max threads wait on one epoll instance. A connection is armed for one event at a time (EPOLLONESHOT);
// the thread that gets it owns the connection until it arms it again, so a request is read, answered and written by one
// thread without a hand-over. A request that is answered later holds no thread: when its answer is there, the connection is armed for
// writing, and whichever thread gets it goes on. A long poll that parks does not count: another thread is started in its place, up to
// parked_max more. A sweeper thread ends connections whose deadline has passed.
//
//   Reactor reactor(options, application);
//   reactor.start();
//   reactor.adopt(make_plain_transport(fd), peer);
//   reactor.stop();
#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "engine/base/result.h"
#include "http/server/connection.h"
#include "http/server/gate.h"

namespace fermata::http {

struct ReactorCounts {
  std::size_t connections = 0;
  std::size_t threads = 0;
  std::size_t parked = 0;
  std::size_t awaiting = 0;  ///< requests whose answer comes later, without a thread
  std::uint64_t refused_connections = 0;  ///< by the gate, since the start
};

class Reactor : private Parking {
 public:
  Reactor(const ServerOptions& options, Application& application);
  ~Reactor() override;
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  [[nodiscard]] Result<void> start();
  /// Takes a new connection; one beyond the gate's bounds is told 503 and closed.
  void adopt(std::unique_ptr<Transport> transport, Peer peer);
  /// Closes what is idle, lets running requests end (at most options.drain), then closes the rest and joins the
  /// threads.
  void stop();

  [[nodiscard]] ReactorCounts counts() const;

 private:
  enum class Hold { armed, owned, closed };
  struct Entry {
    Entry(std::uint64_t own_id, std::unique_ptr<Transport> transport, Peer peer, ConnectionShared& shared)
        : id(own_id), connection(own_id, std::move(transport), std::move(peer), shared) {}
    const std::uint64_t id;
    std::mutex mutex;  ///< guards hold; whoever sets it to owned may use the connection
    Hold hold = Hold::owned;
    Connection connection;
  };
  using EntryPtr = std::shared_ptr<Entry>;

  void serve_loop(std::list<std::thread>::iterator self);
  void sweep_loop();
  void sweep(Clock::time_point now, bool all_idle);
  void wake(std::uint64_t id);
  void arm(Entry& entry, Connection::Wait wait);  // with its mutex held
  void answer_those_who_wait();
  void serve(const EntryPtr& entry, Connection::Wait wait);
  void close(const EntryPtr& entry);
  [[nodiscard]] EntryPtr find(std::uint64_t id) const;
  [[nodiscard]] std::vector<EntryPtr> all() const;
  [[nodiscard]] static bool claim(Entry& entry);

  void start_thread_if_needed();  // with pool_mutex_ held
  void join_ended();              // likewise
  bool enter_parking() override;
  void leave_parking() override;

  const ServerOptions& options_;
  ConnectionShared shared_;
  Gate gate_;
  int epoll_ = -1;
  int wake_ = -1;  // eventfd: readable for ever once the threads shall end

  mutable std::mutex connections_mutex_;
  std::unordered_map<std::uint64_t, EntryPtr> connections_;
  std::uint64_t next_id_ = 1;
  std::uint64_t refused_ = 0;

  mutable std::mutex pool_mutex_;
  std::condition_variable pool_changed_;
  std::list<std::thread> pool_;   ///< those that serve
  std::list<std::thread> ended_;  ///< those that have put themselves here as their last act
  std::size_t threads_ = 0;
  std::size_t waiting_ = 0;  // threads in epoll_wait
  std::size_t parked_ = 0;
  bool ending_ = false;

  std::thread sweeper_;
  std::condition_variable sweeper_wakes_;
};

}  // namespace fermata::http
