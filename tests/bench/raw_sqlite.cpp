#include "tests/bench/raw_sqlite.h"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <semaphore>
#include <thread>
#include <vector>

namespace fermata::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int points_per_instance = 4;
constexpr int state_bytes = 500;
constexpr int history_bytes = 144;
constexpr int job_bytes = 40;

double us_since(Clock::time_point start) { return std::chrono::duration<double, std::micro>(Clock::now() - start).count(); }

class Database {
 public:
  explicit Database(const std::string& file) {
    for (const char* suffix : {"", "-wal", "-shm"}) unlink((file + suffix).c_str());
    check(sqlite3_open(file.c_str(), &db_));
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    run("PRAGMA locking_mode=EXCLUSIVE");
    run("PRAGMA cache_size=-65536");
    run("PRAGMA wal_autocheckpoint=8000");
  }
  ~Database() {
    for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
    sqlite3_close(db_);
    sqlite3_shutdown();  // so that the store may still switch off SQLite's statistics: that must come before its first use
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    statements_.push_back(statement);
    return statement;
  }
  void step(sqlite3_stmt* statement) {
    check(sqlite3_step(statement));
    sqlite3_reset(statement);
  }

 private:
  void check(int code) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    std::fprintf(stderr, "raw SQLite: %s\n", sqlite3_errmsg(db_));
    std::exit(1);
  }
  sqlite3* db_ = nullptr;
  std::vector<sqlite3_stmt*> statements_;
};

struct Request {
  std::int64_t instance = 0;
  int point = 0;
  std::int64_t job = 0;
  std::binary_semaphore done{0};
};

// The single writer: takes what is there, writes it, commits once, wakes the clients.
class Writer {
 public:
  explicit Writer(const std::string& file) : db_(file) {
    db_.run("CREATE TABLE instance(id INTEGER PRIMARY KEY, definition INT, state INT, version INT, data BLOB)");
    db_.run("CREATE TABLE history(seq INTEGER PRIMARY KEY, instance INT, node INT, kind INT, at INT, payload BLOB)");
    db_.run("CREATE INDEX history_by_instance ON history(instance)");
    db_.run("CREATE TABLE job(id INTEGER PRIMARY KEY, due INT, instance INT, type INT, retries INT, payload BLOB)");
    db_.run("CREATE INDEX job_by_due ON job(due)");
    begin_ = db_.prepare("BEGIN IMMEDIATE");
    commit_ = db_.prepare("COMMIT");
    upsert_ = db_.prepare("INSERT INTO instance VALUES(?1, 1, ?2, ?3, ?4) ON CONFLICT(id) DO UPDATE SET state = excluded.state, "
                          "version = excluded.version, data = excluded.data");
    history_ = db_.prepare("INSERT INTO history(instance, node, kind, at, payload) VALUES(?1, ?2, 0, ?3, ?4)");
    delete_job_ = db_.prepare("DELETE FROM job WHERE id = ?1");
    insert_job_ = db_.prepare("INSERT INTO job VALUES(?1, ?2, ?3, 1, 3, ?4)");
    for (std::size_t i = 0; i < bytes_.size(); ++i) bytes_[i] = static_cast<unsigned char>((i * 2654435761U) >> 24);
  }

  void write(const std::vector<Request*>& batch) {
    db_.step(begin_);
    for (Request* request : batch) write(*request);
    db_.step(commit_);
  }

 private:
  void write(Request& request) {
    const bool last = request.point == points_per_instance - 1;
    sqlite3_bind_int64(upsert_, 1, request.instance);
    sqlite3_bind_int(upsert_, 2, last ? 2 : 1);
    sqlite3_bind_int(upsert_, 3, request.point);
    sqlite3_bind_blob(upsert_, 4, bytes_.data() + (request.instance & 255), state_bytes, SQLITE_STATIC);
    db_.step(upsert_);
    sqlite3_bind_int64(history_, 1, request.instance);
    sqlite3_bind_int(history_, 2, request.point);
    sqlite3_bind_int64(history_, 3, ++at_);
    sqlite3_bind_blob(history_, 4, bytes_.data(), history_bytes, SQLITE_STATIC);
    db_.step(history_);
    if (request.job != 0) {
      sqlite3_bind_int64(delete_job_, 1, request.job);
      db_.step(delete_job_);
    }
    request.job = last ? 0 : ++job_;
    if (last) return;
    sqlite3_bind_int64(insert_job_, 1, request.job);
    sqlite3_bind_int64(insert_job_, 2, at_);
    sqlite3_bind_int64(insert_job_, 3, request.instance);
    sqlite3_bind_blob(insert_job_, 4, bytes_.data(), job_bytes, SQLITE_STATIC);
    db_.step(insert_job_);
  }

  Database db_;
  sqlite3_stmt *begin_, *commit_, *upsert_, *history_, *delete_job_, *insert_job_;
  std::vector<unsigned char> bytes_ = std::vector<unsigned char>(1024);
  std::int64_t at_ = 0;
  std::int64_t job_ = 0;
};

}  // namespace

Rate raw_packed(const std::string& file, int clients, double seconds) {
  Writer writer(file);
  std::mutex mutex;
  std::condition_variable arrived;
  std::vector<Request*> waiting;
  std::atomic<bool> stop{false};
  std::atomic<std::int64_t> next_instance{1};
  std::atomic<std::int64_t> finished{0};
  std::thread engine([&] {
    std::vector<Request*> batch;
    for (;;) {
      {
        std::unique_lock lock(mutex);
        arrived.wait(lock, [&] { return !waiting.empty() || stop; });
        if (waiting.empty()) return;
        batch.swap(waiting);
      }
      writer.write(batch);
      for (Request* request : batch) request->done.release();
      batch.clear();
    }
  });
  std::vector<std::vector<double>> times(static_cast<std::size_t>(clients));
  std::vector<std::thread> threads;
  const auto begun = Clock::now();
  for (int client = 0; client < clients; ++client) {
    threads.emplace_back([&, client] {
      Request request;
      while (!stop) {
        request.instance = next_instance++;
        for (request.point = 0; request.point < points_per_instance && !stop; ++request.point) {
          const auto start = Clock::now();
          {
            const std::lock_guard lock(mutex);
            waiting.push_back(&request);
          }
          arrived.notify_one();
          request.done.acquire();
          times[static_cast<std::size_t>(client)].push_back(us_since(start));
        }
        if (!stop) ++finished;
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  stop = true;
  const double elapsed = us_since(begun) / 1e6;
  const auto done = static_cast<double>(finished.load());
  for (std::thread& thread : threads) thread.join();
  arrived.notify_all();
  engine.join();
  std::vector<double> all;
  for (const auto& own : times) all.insert(all.end(), own.begin(), own.end());
  std::sort(all.begin(), all.end());
  return {done / elapsed, all.empty() ? 0 : all[all.size() / 2], all.empty() ? 0 : all[all.size() * 99 / 100]};
}

double raw_one_row_commit_us(const std::string& file, int commits) {
  Database db(file);
  db.run("CREATE TABLE log(seq INTEGER PRIMARY KEY, data BLOB)");
  sqlite3_stmt* insert = db.prepare("INSERT INTO log(data) VALUES(zeroblob(150))");
  std::vector<double> times;
  for (int i = 0; i < commits; ++i) {
    const auto start = Clock::now();
    db.step(insert);
    times.push_back(us_since(start));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace fermata::bench
