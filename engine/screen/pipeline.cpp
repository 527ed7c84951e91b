#include "pipeline.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace eligo::screen {
namespace {

constexpr std::size_t block_rows = 2048;
constexpr std::size_t first_rejects = 20;

// What one thread of the middle stage holds.
class Worker {
public:
    Worker(const Work& work, const io::Table& table)
        : work_(work),
          intake_(*work.pack, work.needs, table, *work.matching, *work.finder, *work.children),
          block_(*work.pack, work.needs),
          evaluator_(*work.plan, *work.pack, work.needs, work.columns),
          counter_(*work.pack, work.needs, work.columns, *work.layout),
          writer_(*work.pack, work.needs, work.columns, work.format, work.reasons, work.language) {
        if (work.where == bytecode::none) return;
        where_ = std::make_unique<vm::Checker>(*work.pack, work.where);
        where_memory_ = where_->memory();
    }

    ChunkResult run(const io::Chunk& chunk) {
        ChunkResult result{chunk.number, chunk.end, {}, {}, {}, Tally(*work_.layout)};
        intake_.begin(chunk);
        bool more = true;
        while (more) {
            rejects_.clear();
            more = intake_.take(block_, block_rows, rejects_);
            rows(result);
            for (Reject& reject : rejects_) this->reject(reject, result);
        }
        return result;
    }

private:
    void rows(ChunkResult& result) {
        if (block_.rows() == 0) return;
        evaluator_.evaluate(block_, results_);
        result.tally.add(TallyLayout::Rows, static_cast<std::int64_t>(block_.rows()));
        for (std::size_t row = 0; row < block_.rows(); ++row) {
            if (where_ && !selected(row, result.tally)) continue;
            counter_.count(block_, row, results_, result.tally);
            if (work_.only_eligible && !any_eligible(row)) {
                result.tally.add(TallyLayout::OnlyOut);
                continue;
            }
            writer_.write(result.rows, block_, row, results_);
            result.tally.add(TallyLayout::Written);
        }
    }

    bool selected(std::size_t row, Tally& tally) {
        block_.fill_profile(row, profile_);
        const vm::Verdict verdict = where_->check(profile_, work_.needs.question, *where_memory_).verdict;
        if (verdict == vm::Verdict::Eligible) return true;
        tally.add(verdict == vm::Verdict::Undetermined ? TallyLayout::WhereOpen : TallyLayout::WhereOut);
        return false;
    }

    bool any_eligible(std::size_t row) const {
        return std::any_of(results_.begin(), results_.end(), [row](const PolicyResults& policy) { return policy.verdicts[row] == vm::Verdict::Eligible; });
    }

    void reject(Reject& reject, ChunkResult& result) {
        result.tally.add(TallyLayout::Rows);
        result.tally.add(TallyLayout::Rejected);
        const auto& targets = work_.matching->targets;
        std::size_t column = targets.size();
        if (const auto found = column_numbers_.find(reject.column); found != column_numbers_.end()) column = found->second;
        result.tally.add(work_.layout->reject(static_cast<std::size_t>(reject.kind), std::min(column, work_.layout->table_columns())));
        result.rejects += reject_line(reject, work_.language);
        if (result.first_rejects.size() < first_rejects) result.first_rejects.push_back(std::move(reject));
    }

public:
    void name_columns(const std::vector<std::string>& header) {
        for (std::size_t i = 0; i < header.size(); ++i) column_numbers_.emplace(header[i], i);
    }

private:
    const Work& work_;
    Intake intake_;
    Block block_;
    Evaluator evaluator_;
    Counter counter_;
    RowWriter writer_;
    std::unique_ptr<vm::Checker> where_;
    std::optional<vm::Checker::Memory> where_memory_;
    vm::Profile profile_;
    Results results_;
    std::vector<Reject> rejects_;
    std::map<std::string, std::size_t> column_numbers_;
};

// What the threads hand to each other. A chunk has a ticket from when it is cut off until its result was taken.
class Exchange {
public:
    explicit Exchange(std::size_t tickets) : tickets_(tickets) {}

    // ---- the thread that cuts
    bool wait_for_ticket() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return tickets_ > 0 || ended_; });
        if (ended_) return false;
        --tickets_;
        return true;
    }
    void put(io::Chunk chunk) {
        const std::lock_guard lock(mutex_);
        chunks_.push_back(std::move(chunk));
        changed_.notify_all();
    }
    void no_more() {
        const std::lock_guard lock(mutex_);
        cut_all_ = true;
        changed_.notify_all();
    }

    // ---- the threads between
    std::optional<io::Chunk> get() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !chunks_.empty() || cut_all_ || ended_; });
        if (ended_ || chunks_.empty()) return std::nullopt;
        io::Chunk chunk = std::move(chunks_.front());
        chunks_.pop_front();
        ++in_work_;
        return chunk;
    }
    void put(ChunkResult result) {
        const std::lock_guard lock(mutex_);
        results_.emplace(result.number, std::move(result));
        --in_work_;
        changed_.notify_all();
    }

    // ---- the thread that takes
    std::optional<ChunkResult> take() {
        std::unique_lock lock(mutex_);
        const auto next = [this] { return !results_.empty() && results_.begin()->first == wanted_; };
        changed_.wait(lock, [&] { return next() || (cut_all_ && chunks_.empty() && in_work_ == 0 && results_.empty()); });
        if (!next()) return std::nullopt;
        ChunkResult result = std::move(results_.begin()->second);
        results_.erase(results_.begin());
        ++wanted_;
        ++tickets_;
        changed_.notify_all();
        return result;
    }
    void end() {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t tickets_;
    std::deque<io::Chunk> chunks_;
    std::map<std::uint64_t, ChunkResult> results_;
    std::size_t in_work_ = 0;
    std::uint64_t wanted_ = 0;
    bool cut_all_ = false, ended_ = false;
};

}  // namespace

std::optional<io::Problem> run_pipeline(const Work& work, io::Table& table, const std::atomic<bool>& stop, const TakeResult& take) {
    Exchange exchange(work.threads * 2 + 1);
    std::thread cutter([&] {
        for (std::uint64_t number = 0; !stop.load(std::memory_order_relaxed) && exchange.wait_for_ticket(); ++number) {
            io::Chunk chunk;
            if (!table.next(chunk)) break;
            chunk.number = number;
            exchange.put(std::move(chunk));
        }
        exchange.no_more();
    });
    std::vector<std::thread> workers;
    for (std::size_t i = 0; i < work.threads; ++i) {
        workers.emplace_back([&] {
            Worker worker(work, table);
            worker.name_columns(table.header());
            while (auto chunk = exchange.get()) exchange.put(worker.run(*chunk));
        });
    }
    while (const auto result = exchange.take()) {
        if (!take(*result)) break;
    }
    exchange.end();
    cutter.join();
    for (std::thread& worker : workers) worker.join();
    return table.failure();
}

}  // namespace eligo::screen
