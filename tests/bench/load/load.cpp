#include "tests/bench/load/load.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/bench/load/client.h"

namespace fermata::bench {
namespace {

constexpr int wait_ms = 100;
constexpr std::size_t shown_of_an_error = 300;

Clock::duration of_seconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

class Load {
 public:
  explicit Load(const LoadOptions& options) : options_(options), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}
  ~Load() { ::close(epoll_); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  LoadResult run();

 private:
  bool connect();
  void begin_next(Client& client);
  void serve(Client& client);  // as far as it goes without waiting
  void count(const Client& client);
  void fail(const std::string& why);
  [[nodiscard]] std::string next_request();
  void find_the_late();

  const LoadOptions& options_;
  int epoll_;
  std::vector<Client> clients_;
  std::int64_t begun_ = 0;
  std::int64_t in_flight_ = 0;
  bool ending_ = false;
  Clock::time_point count_from_;
  Clock::time_point until_;
  LoadResult result_;
};

void Load::fail(const std::string& why) {
  if (result_.errors++ == 0) result_.first_error = why.substr(0, shown_of_an_error);
}

bool Load::connect() {
  clients_.reserve(static_cast<std::size_t>(options_.connections));
  for (int i = 0; i < options_.connections; ++i) {
    Client& client = clients_.emplace_back(options_.port);
    if (client.fd() < 0) return false;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.u32 = static_cast<std::uint32_t>(i);
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, client.fd(), &event);
  }
  return true;
}

std::string Load::next_request() {
  std::string body = options_.body;
  if (const std::size_t at = body.find("{n}"); at != std::string::npos) body.replace(at, 3, std::to_string(begun_));
  std::string request = options_.method + " " + options_.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  if (!options_.token.empty()) request += "Authorization: Bearer " + options_.token + "\r\n";
  if (!body.empty()) request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return request + "\r\n" + body;
}

void Load::begin_next(Client& client) {
  if (ending_ || (options_.requests > 0 && begun_ >= options_.requests)) return;
  client.begin(next_request());
  ++begun_;
  ++in_flight_;
}

void Load::serve(Client& client) {
  while (client.busy()) {
    switch (client.go_on()) {
      case Client::State::waiting: return;
      case Client::State::broken:
        --in_flight_;
        ending_ = true;  // a closed loop that lost a client measures something else
        return fail("a connection was closed before its answer was complete");
      case Client::State::answered:
        --in_flight_;
        count(client);
        begin_next(client);
    }
  }
}

void Load::count(const Client& client) {
  if (client.status() < 200 || client.status() > 299) {
    return fail("status " + std::to_string(client.status()) + ": " + std::string(client.body()));
  }
  const auto now = Clock::now();
  if (now < count_from_ || (options_.requests == 0 && now > until_)) return;
  ++result_.answers;
  result_.times_us.push_back(std::chrono::duration<double, std::micro>(now - client.began()).count());
}

void Load::find_the_late() {
  const auto latest = Clock::now() - of_seconds(options_.answer_seconds_max);
  for (Client& client : clients_) {
    if (!client.busy() || client.began() > latest) continue;
    ending_ = true;
    in_flight_ = 0;
    return fail("no answer within " + std::to_string(options_.answer_seconds_max) + " seconds");
  }
}

LoadResult Load::run() {
  if (!connect()) {
    fail("cannot connect to 127.0.0.1 port " + std::to_string(options_.port));
    return std::move(result_);
  }
  const auto start = Clock::now();
  count_from_ = options_.requests > 0 ? start : start + of_seconds(options_.warmup_seconds);
  until_ = count_from_ + of_seconds(options_.seconds);
  for (Client& client : clients_) {
    begin_next(client);
    serve(client);
  }
  std::array<epoll_event, 256> events;
  while (in_flight_ > 0) {
    const int n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms);
    for (int i = 0; i < n; ++i) {
      serve(clients_[events[static_cast<std::size_t>(i)].data.u32]);
    }
    if (options_.requests == 0 && Clock::now() >= until_) ending_ = true;
    if (n == 0) find_the_late();
  }
  const auto end = options_.requests > 0 ? Clock::now() : std::min(Clock::now(), until_);
  result_.seconds = std::chrono::duration<double>(end - count_from_).count();
  std::sort(result_.times_us.begin(), result_.times_us.end());
  return std::move(result_);
}

}  // namespace

double LoadResult::percentile_us(double fraction) const {
  if (times_us.empty()) return 0;
  const auto at = static_cast<std::size_t>(fraction * static_cast<double>(times_us.size()));
  return times_us[std::min(at, times_us.size() - 1)];
}

LoadResult run_load(const LoadOptions& options) { return Load(options).run(); }

}  // namespace fermata::bench
