// Metrics: counters, gauges and histograms, counted without locks and shown in Prometheus' text format 0.0.4.
//
// Register families at start-up; series of a family are made on first use. A Counter& stays valid as long as the
// registry, so hot paths look it up once and keep it. Labels must be low in cardinality: definition ids and job types,
// never instance keys. A family holds at most series_max series; further label values are counted together under
// "other".
//
//   Registry registry;
//   auto& completed = registry.counters("fermata_jobs_completed_total", "Jobs completed by workers.", {"job_type"});
//   completed.with({"charge-card"}).add();
//   registry.exposition()  ->  "# HELP fermata_jobs_completed_total ..."
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::http {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void add(std::int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// Observations in seconds, in fixed buckets from 0.5 ms to 30 s.
class Histogram {
 public:
  static constexpr std::array<double, 15> bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                 0.25,   0.5,   1,      2.5,   5,    10,    30};
  void observe(double seconds);
  [[nodiscard]] std::uint64_t bucket(std::size_t index) const {
    return buckets_[index].load(std::memory_order_relaxed);
  }
  [[nodiscard]] double sum() const { return static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) / 1e9; }

 private:
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> buckets_{};  // the last is +Inf; not yet cumulative
  std::atomic<std::uint64_t> sum_ns_{0};
};

using LabelValues = std::vector<std::string>;

/// All series of one name. Thread-safe; the lock is taken by with() only.
template <class Metric>
class Family {
 public:
  static constexpr std::size_t series_max = 500;

  Family(std::string name, std::string help, std::vector<std::string> labels)
      : name_(std::move(name)), help_(std::move(help)), labels_(std::move(labels)) {}
  Family(const Family&) = delete;
  Family& operator=(const Family&) = delete;

  /// The series of these label values, in the order of the family's labels.
  [[nodiscard]] Metric& with(const LabelValues& values);
  void write(std::string& out) const;

 private:
  const std::string name_;
  const std::string help_;
  const std::vector<std::string> labels_;
  mutable std::mutex mutex_;
  std::map<LabelValues, std::unique_ptr<Metric>> series_;
};

class Registry {
 public:
  /// The same name again gives the same family; help and labels are those of the first call.
  [[nodiscard]] Family<Counter>& counters(const std::string& name, const std::string& help,
                                          std::vector<std::string> labels = {});
  [[nodiscard]] Family<Gauge>& gauges(const std::string& name, const std::string& help,
                                      std::vector<std::string> labels = {});
  [[nodiscard]] Family<Histogram>& histograms(const std::string& name, const std::string& help,
                                              std::vector<std::string> labels = {});
  /// A value that is asked for when the metrics are shown: queue length, open connections, memory. A counter if its name ends with
  /// "_total", as the names of Prometheus have it, else a gauge.
  void observe(const std::string& name, const std::string& help, std::function<double()> read);

  /// Everything, families in alphabetical order.
  [[nodiscard]] std::string exposition() const;

 private:
  struct Observed {
    std::string help;
    std::function<double()> read;
  };
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Family<Counter>>> counters_;
  std::map<std::string, std::unique_ptr<Family<Gauge>>> gauges_;
  std::map<std::string, std::unique_ptr<Family<Histogram>>> histograms_;
  std::map<std::string, Observed> observed_;
};

}  // namespace fermata::http
