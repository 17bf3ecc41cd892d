#include "http/server/reactor.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace fermata::http {

namespace {

constexpr std::uint64_t wake_id = 0;
constexpr std::chrono::milliseconds sweep_every{200};

// Who awaits an answer is told of errors only, which epoll always does.
std::uint32_t events_of(Connection::Wait wait) {
  switch (wait) {
    case Connection::Wait::write: return EPOLLOUT | EPOLLONESHOT;
    case Connection::Wait::answer: return EPOLLONESHOT;
    case Connection::Wait::read:
    case Connection::Wait::closed: break;
  }
  return EPOLLIN | EPOLLONESHOT;
}

}  // namespace

Reactor::Reactor(const ServerOptions& options, Application& application)
    : options_(options),
      shared_{options, application, *this, std::make_shared<Wakes>([this](std::uint64_t id) { wake(id); }),
              BodyBudget(options.body_bytes_total_max)},
      gate_(options.connections_max, options.connections_per_peer_max) {}

Reactor::~Reactor() {
  stop();
  shared_.wakes->disconnect();
  if (epoll_ >= 0) ::close(epoll_);
  if (wake_ >= 0) ::close(wake_);
}

Result<void> Reactor::start() {
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (epoll_ < 0 || wake_ < 0) {
    return fail(ErrorCode::resource_exhausted,
                std::string("The server cannot open its epoll instance: ") + std::strerror(errno));
  }
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = wake_id;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event);
  const std::scoped_lock lock(pool_mutex_);
  start_thread_if_needed();
  sweeper_ = std::thread([this] { sweep_loop(); });
  return {};
}

void Reactor::adopt(std::unique_ptr<Transport> transport, Peer peer) {
  if (shared_.stopping || !gate_.enter(peer.address)) {
    {
      const std::scoped_lock lock(connections_mutex_);
      ++refused_;
    }
    (void)transport->write(shared_.application.refuse({503, "Too many connections; try again later."}));
    return;
  }
  EntryPtr entry;
  {
    const std::scoped_lock lock(connections_mutex_);
    entry = std::make_shared<Entry>(next_id_++, std::move(transport), std::move(peer), shared_);
    connections_.emplace(entry->id, entry);
  }
  const std::scoped_lock lock(entry->mutex);
  epoll_event event{};
  event.events = events_of(Connection::Wait::read);
  event.data.u64 = entry->id;
  entry->hold = Hold::armed;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, entry->connection.fd(), &event);
}

void Reactor::serve_loop(std::list<std::thread>::iterator self) {
  std::unique_lock pool(pool_mutex_);
  while (true) {
    if (threads_ - parked_ > options_.threads_max && waiting_ > 0)
      break;  // started in place of a poll that has come back
    ++waiting_;
    pool.unlock();
    epoll_event event{};
    const int n = ::epoll_wait(epoll_, &event, 1, -1);
    pool.lock();
    --waiting_;
    if (n <= 0) continue;
    if (event.data.u64 == wake_id) break;
    start_thread_if_needed();
    pool.unlock();
    if (const EntryPtr entry = find(event.data.u64); entry && claim(*entry)) serve(entry, entry->connection.advance());
    pool.lock();
  }
  --threads_;
  ended_.splice(ended_.end(), pool_, self);
  pool_changed_.notify_all();
}

/// The owner's last act: arms the connection again, or closes it.
void Reactor::serve(const EntryPtr& entry, Connection::Wait wait) {
  if (wait == Connection::Wait::closed || (shared_.stopping && entry->connection.idle())) return close(entry);
  const std::scoped_lock lock(entry->mutex);
  // An answer that came while we owned the connection has found nobody to wake.
  if (wait == Connection::Wait::answer && entry->connection.answer_there()) wait = Connection::Wait::write;
  arm(*entry, wait);
}

void Reactor::arm(Entry& entry, Connection::Wait wait) {
  epoll_event event{};
  event.events = events_of(wait);
  event.data.u64 = entry.id;
  entry.hold = Hold::armed;
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, entry.connection.fd(), &event);
}

/// The answer of this connection is there: a socket that can be written to is an event for one of our threads. At worst the event is one
/// too many, and finds nothing to do.
void Reactor::wake(std::uint64_t id) {
  const EntryPtr entry = find(id);
  if (!entry) return;  // the client has gone
  const std::scoped_lock lock(entry->mutex);
  if (entry->hold == Hold::armed) arm(*entry, Connection::Wait::write);
}

void Reactor::close(const EntryPtr& entry) {
  {
    const std::scoped_lock lock(entry->mutex);
    entry->hold = Hold::closed;
  }
  gate_.leave(entry->connection.peer().address);
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, entry->connection.fd(), nullptr);
  const std::scoped_lock lock(connections_mutex_);
  connections_.erase(entry->id);  // the socket closes with the last reference, which is the caller's
}

bool Reactor::claim(Entry& entry) {
  const std::scoped_lock lock(entry.mutex);
  if (entry.hold != Hold::armed) return false;
  entry.hold = Hold::owned;
  return true;
}

Reactor::EntryPtr Reactor::find(std::uint64_t id) const {
  const std::scoped_lock lock(connections_mutex_);
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : found->second;
}

std::vector<Reactor::EntryPtr> Reactor::all() const {
  std::vector<EntryPtr> result;
  const std::scoped_lock lock(connections_mutex_);
  result.reserve(connections_.size());
  for (const auto& [id, entry] : connections_) result.push_back(entry);
  return result;
}

void Reactor::sweep_loop() {
  std::unique_lock lock(pool_mutex_);
  while (!sweeper_wakes_.wait_for(lock, sweep_every, [this] { return ending_; })) {
    lock.unlock();
    sweep(Clock::now(), false);
    lock.lock();
  }
}

void Reactor::sweep(Clock::time_point now, bool all_idle) {
  for (const EntryPtr& entry : all()) {
    {
      const std::scoped_lock lock(entry->mutex);
      if (entry->hold != Hold::armed) continue;
      const bool due = now >= entry->connection.deadline() || (all_idle && entry->connection.idle());
      if (!due) continue;
      entry->hold = Hold::owned;
    }
    serve(entry, entry->connection.idle() && all_idle ? Connection::Wait::closed : entry->connection.expire());
  }
}

void Reactor::stop() {
  if (shared_.stopping.exchange(true) || epoll_ < 0) return;
  const Clock::time_point until = Clock::now() + options_.drain;
  while (Clock::now() < until) {
    sweep(Clock::now(), true);
    if (counts().connections == 0) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  answer_those_who_wait();
  {
    const std::scoped_lock lock(pool_mutex_);
    ending_ = true;
  }
  sweeper_wakes_.notify_all();
  sweeper_.join();
  const std::uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
  std::unique_lock lock(pool_mutex_);
  pool_changed_.wait(lock, [this] { return threads_ == 0; });  // a running handler ends by its own deadline
  join_ended();
  lock.unlock();
  for (const EntryPtr& entry : all()) close(entry);
}

/// The time to drain is over: who still awaits an answer is told that there will be none.
void Reactor::answer_those_who_wait() {
  for (const EntryPtr& entry : all()) {
    {
      const std::scoped_lock lock(entry->mutex);
      if (entry->hold != Hold::armed || !entry->connection.awaits_answer()) continue;
      entry->hold = Hold::owned;
    }
    serve(entry, entry->connection.expire());
  }
}

/// One thread waits whenever the bound allows it. A thread that ends puts itself among those to be joined: what libraries clean up when
/// a thread ends is over before the server, and the process, are.
void Reactor::start_thread_if_needed() {
  join_ended();
  if (ending_ || waiting_ > 0 || threads_ - parked_ >= options_.threads_max) return;
  const auto self = pool_.emplace(pool_.end());
  try {
    *self = std::thread([this, self] { serve_loop(self); });
    ++threads_;
  } catch (const std::system_error&) {
    pool_.erase(self);  // no more threads to be had: those that run go on
  }
}

/// They have done all that they need the mutex for.
void Reactor::join_ended() {
  for (std::thread& thread : ended_) thread.join();
  ended_.clear();
}

bool Reactor::enter_parking() {
  const std::scoped_lock lock(pool_mutex_);
  if (parked_ >= options_.parked_max || ending_ || shared_.stopping) return false;
  ++parked_;
  start_thread_if_needed();
  return true;
}

void Reactor::leave_parking() {
  const std::scoped_lock lock(pool_mutex_);
  --parked_;
}

ReactorCounts Reactor::counts() const {
  ReactorCounts result;
  {
    const std::scoped_lock lock(connections_mutex_);
    result.connections = connections_.size();
    result.refused_connections = refused_;
  }
  const std::scoped_lock lock(pool_mutex_);
  result.threads = threads_;
  result.parked = parked_;
  result.awaiting = shared_.awaiting;
  return result;
}

}  // namespace fermata::http
