// store_bench: how many S3 instances a second the SQLite store takes, beside the raw ceiling of SQLite for packed rows (gcbench's
// packed4: four durable points of one upsert, one history row, one job deleted and one inserted), in the same run and batch sizes.
//
//   store_bench DIRECTORY [SECONDS] [BATCH] [ROUNDS] [keep] [INSTANCES]
//   store_bench DIRECTORY waiting COUNT      start after a kill with so many waiting instances
//
// Both sides are single-threaded here (no client threads): what is compared is the cost of the rows. CPU time counts on a busy machine.
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "persistence/sqlite/sqlite_store.h"
#include "persistence/read_session.h"
#include "persistence/testing/synthetic.h"

namespace {

using Clock = std::chrono::steady_clock;

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

struct Measured {
  double instances_per_second = 0;
  double cpu_us_per_instance = 0;
};

void remove_all(const std::string& file) {
  for (const char* suffix : {"", "-wal", "-shm", ".owner", ".new"}) unlink((file + suffix).c_str());
}

void must(int code, sqlite3* db) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  std::fprintf(stderr, "raw: %s\n", sqlite3_errmsg(db));
  std::exit(1);
}

/// gcbench packed4, without its threads.
class RawPacked {
 public:
  explicit RawPacked(const std::string& file) {
    must(sqlite3_open(file.c_str(), &db_), db_);
    for (const char* sql : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA locking_mode=EXCLUSIVE", "PRAGMA cache_size=-65536",
                            "PRAGMA wal_autocheckpoint=8000",
                            "CREATE TABLE inst(id INTEGER PRIMARY KEY,def INT,state INT,ver INT,data BLOB)",
                            "CREATE TABLE hist(seq INTEGER PRIMARY KEY,inst INTEGER,node INT,kind INT,ts INT,payload BLOB)",
                            "CREATE INDEX hist_i ON hist(inst)",
                            "CREATE TABLE job(id INTEGER PRIMARY KEY,due INT,inst INTEGER,type INT,retries INT,payload BLOB)",
                            "CREATE INDEX job_due ON job(due)"}) {
      must(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr), db_);
    }
    instance_ = prepare("INSERT INTO inst VALUES(?1,1,?2,?3,?4) ON CONFLICT(id) DO UPDATE SET state=excluded.state,ver=excluded.ver,data=excluded.data");
    history_ = prepare("INSERT INTO hist(inst,node,kind,ts,payload) VALUES(?1,?2,?3,?4,?5)");
    delete_job_ = prepare("DELETE FROM job WHERE id=?1");
    insert_job_ = prepare("INSERT INTO job VALUES(?1,?2,?3,1,3,?4)");
    begin_ = prepare("BEGIN IMMEDIATE");
    commit_ = prepare("COMMIT");
    for (std::size_t i = 0; i < sizeof bytes_; ++i) bytes_[i] = static_cast<unsigned char>(i * 2654435761U >> 24);
  }
  ~RawPacked() {
    for (sqlite3_stmt* statement : {instance_, history_, delete_job_, insert_job_, begin_, commit_}) sqlite3_finalize(statement);
    sqlite3_close(db_);
    sqlite3_shutdown();  // so that the store may still choose its allocator: it configures SQLite before its first use
  }

  void begin() { run(begin_); }
  void commit() { run(commit_); }
  void step(std::int64_t id, int step, std::int64_t& job) {
    const bool last = step == 3;
    sqlite3_bind_int64(instance_, 1, id);
    sqlite3_bind_int(instance_, 2, last ? 2 : 1);
    sqlite3_bind_int(instance_, 3, step);
    sqlite3_bind_blob(instance_, 4, bytes_ + (id & 1023), 500, SQLITE_STATIC);
    run(instance_);
    sqlite3_bind_int64(history_, 1, id);
    sqlite3_bind_int(history_, 2, step);
    sqlite3_bind_int(history_, 3, 0);
    sqlite3_bind_int64(history_, 4, ++time_);
    sqlite3_bind_blob(history_, 5, bytes_, 144, SQLITE_STATIC);
    run(history_);
    if (job != 0) {
      sqlite3_bind_int64(delete_job_, 1, job);
      run(delete_job_);
      job = 0;
    }
    if (!last) {
      job = next_job_++;
      sqlite3_bind_int64(insert_job_, 1, job);
      sqlite3_bind_int64(insert_job_, 2, time_);
      sqlite3_bind_int64(insert_job_, 3, id);
      sqlite3_bind_blob(insert_job_, 4, bytes_, 40, SQLITE_STATIC);
      run(insert_job_);
    }
  }

 private:
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* made = nullptr;
    must(sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr), db_);
    return made;
  }
  void run(sqlite3_stmt* statement) {
    must(sqlite3_step(statement), db_);
    sqlite3_reset(statement);
  }
  sqlite3* db_ = nullptr;
  sqlite3_stmt *instance_, *history_, *delete_job_, *insert_job_, *begin_, *commit_;
  unsigned char bytes_[4096];
  std::int64_t next_job_ = 1, time_ = 0;
};

/// > 0: stop after so many instances, whatever the clock says (for profilers that count instructions).
std::int64_t instances_max = 0;
bool goes_on(std::int64_t done, Clock::time_point start, double seconds) {
  return instances_max > 0 ? done < instances_max : seconds_since(start) < seconds;
}

Measured run_raw(const std::string& file, double seconds, int batch) {
  remove_all(file);
  RawPacked raw(file);
  struct Client {
    std::int64_t id = 0, job = 0;
    int step = 0;
  };
  std::vector<Client> clients(256);
  std::int64_t next_id = 1, done = 0;
  for (Client& client : clients) client.id = next_id++;
  std::size_t at = 0;
  const auto start = Clock::now();
  const double cpu = cpu_seconds();
  while (goes_on(done, start, seconds)) {
    raw.begin();
    for (int i = 0; i < batch; ++i) {
      Client& client = clients[at++ % clients.size()];
      raw.step(client.id, client.step, client.job);
      if (++client.step == 4) {
        client = Client{next_id++, 0, 0};
        ++done;
      }
    }
    raw.commit();
  }
  const double elapsed = seconds_since(start);
  return {static_cast<double>(done) / elapsed, (cpu_seconds() - cpu) * 1e6 / static_cast<double>(done)};
}

template <class T>
T must_have(fermata::Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "store: %s\n", result.error().message.c_str());
  std::exit(1);
}
void must_do(fermata::Result<void> result) {
  if (result) return;
  std::fprintf(stderr, "store: %s\n", result.error().message.c_str());
  std::exit(1);
}

Measured run_store(const std::string& file, double seconds, int batch, bool store_rows, double* bytes_per_instance) {
  using fermata::testing::SyntheticInstance;
  remove_all(file);
  auto store = must_have(fermata::open_sqlite_store({.path = file}));
  fermata::testing::CountingKeys keys;
  fermata::DefinitionKey definition;
  fermata::Timestamp now{1'780'000'000'000};
  {
    auto transaction = must_have(store->begin());
    must_do(transaction->append(fermata::testing::deploy_order(keys, now, definition), nullptr));
    must_do(transaction->commit());
  }
  std::vector<std::unique_ptr<SyntheticInstance>> clients(256);
  std::size_t at = 0;
  std::int64_t done = 0;
  const auto start = Clock::now();
  const double cpu = cpu_seconds();
  while (goes_on(done, start, seconds)) {
    std::unique_ptr<fermata::StoreTransaction> transaction;
    if (store_rows) transaction = must_have(store->begin());
    now.ms += 2;
    for (int i = 0; i < batch; ++i) {
      auto& client = clients[at++ % clients.size()];
      if (!client) client = std::make_unique<SyntheticInstance>(keys, SyntheticInstance::Options{.definition = definition});
      const fermata::Transition transition = client->step(now);
      if (store_rows) must_do(transaction->append(transition, &client->state()));
      client->settle();
      if (client->ended()) {
        client.reset();
        ++done;
      }
    }
    if (store_rows) {
      must_do(transaction->set_next_key(keys.peek()));
      must_do(transaction->commit());
      transaction.reset();
      store->idle();
    }
  }
  const double elapsed = seconds_since(start);
  const Measured measured{static_cast<double>(done) / elapsed, (cpu_seconds() - cpu) * 1e6 / static_cast<double>(done)};
  store.reset();
  if (bytes_per_instance != nullptr && done > 0) {
    std::FILE* opened = std::fopen(file.c_str(), "rb");
    std::fseek(opened, 0, SEEK_END);
    *bytes_per_instance = static_cast<double>(std::ftell(opened)) / static_cast<double>(done);
    std::fclose(opened);
  }
  return measured;
}

long resident_kib() {
  std::FILE* status = std::fopen("/proc/self/status", "r");
  char line[256];
  long kib = 0;
  while (status != nullptr && std::fgets(line, sizeof line, status) != nullptr) std::sscanf(line, "VmRSS: %ld", &kib);
  if (status != nullptr) std::fclose(status);
  return kib;
}

/// `count` waiting instances stored; then how long a start after a kill takes, what memory it needs, and a search by variable.
int run_waiting(const std::string& file, int count) {
  using namespace fermata;
  remove_all(file);
  if (fork() == 0) {
    auto store = must_have(open_sqlite_store({.path = file}));
    testing::CountingKeys keys;
    for (int done = 0; done < count;) {
      auto transaction = must_have(store->begin());
      for (int i = 0; i < 200 && done < count; ++i, ++done) {
        testing::SyntheticInstance instance(keys, {.business_key = "order-" + std::to_string(done)});
        const Transition transition = instance.step(Timestamp{1'780'000'000'000});
        must_do(transaction->append(transition, &instance.state()));
      }
      must_do(transaction->set_next_key(keys.peek()));
      must_do(transaction->commit());
      transaction.reset();
      store->idle();
    }
    _exit(0);  // as after a kill: nothing is closed
  }
  wait(nullptr);
  const auto start = Clock::now();
  auto store = must_have(open_sqlite_store({.path = file}));
  const double opened = seconds_since(start);
  auto jobs = must_have(store->lookups().available_jobs("validate", Timestamp{1'790'000'000'000}, 100));
  const double first_jobs = seconds_since(start);
  auto session = must_have(store->read());
  const auto asked = Clock::now();
  const auto page = must_have(session->search_instances({.where = {{"state", FieldCondition::Op::eq, {Value::string("ACTIVE")}}}, .limit = 50}));
  const double listed = seconds_since(asked);
  const auto asked_again = Clock::now();
  const auto found = must_have(session->search_instances({.variables = {{"orderId", FieldCondition::Op::eq, {Value::string("A-1")}}}}));
  std::printf("%d waiting: open %.1f ms, first %zu jobs after %.1f ms; list of active (%lld%s) %.1f ms; search by variable %.1f ms; %ld MiB resident\n", count,
              opened * 1e3, jobs.size(), first_jobs * 1e3, static_cast<long long>(page.total), page.more_than_total ? "+" : "", listed * 1e3,
              seconds_since(asked_again) * 1e3, resident_kib() / 1024);
  session.reset();
  store.reset();
  remove_all(file);
  return found.items.empty() ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: %s DIRECTORY [SECONDS] [BATCH] [ROUNDS]\n", arguments[0]);
    return 2;
  }
  const std::string directory = arguments[1];
  if (count > 3 && std::string(arguments[2]) == "waiting") return run_waiting(directory + "/store.db", std::atoi(arguments[3]));
  const double seconds = count > 2 ? std::atof(arguments[2]) : 3;
  const int batch = count > 3 ? std::atoi(arguments[3]) : 128;
  const int rounds = count > 4 ? std::atoi(arguments[4]) : 3;
  instances_max = count > 6 ? std::atoll(arguments[6]) : 0;
  const std::string raw_file = directory + "/raw.db", store_file = directory + "/store.db";
  for (int round = 0; round < rounds; ++round) {
    const Measured raw = run_raw(raw_file, seconds, batch);
    double bytes = 0;
    const Measured driver = run_store(store_file, seconds / 4, batch, false, nullptr);
    const Measured store = run_store(store_file, seconds, batch, true, &bytes);
    std::printf("batch %d  raw packed4 %.0f inst/s %.1f cpu us  |  store %.0f inst/s %.1f cpu us (driver alone %.1f), %.0f bytes  |  ratio wall %.2f cpu %.2f\n",
                batch, raw.instances_per_second, raw.cpu_us_per_instance, store.instances_per_second, store.cpu_us_per_instance,
                driver.cpu_us_per_instance, bytes, store.instances_per_second / raw.instances_per_second,
                raw.cpu_us_per_instance / (store.cpu_us_per_instance - driver.cpu_us_per_instance));
    std::fflush(stdout);
  }
  remove_all(raw_file);
  if (count <= 5) remove_all(store_file);
  return 0;
}
