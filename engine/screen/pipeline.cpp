#include "pipeline.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <numeric>
#include <thread>
#include <utility>

namespace eligo::screen {
namespace {

constexpr std::size_t block_rows = 2048;  // more than a piece of a table usually has
constexpr std::size_t first_rejects = 20;
constexpr std::size_t usual_bytes = 512 * 1024;  // of a chunk; longer ones have enormous rows

// What one thread of the middle stage holds.
class Worker {
public:
    Worker(const Work& work, const io::Table& table)
        : work_(work),
          intake_(*work.pack, work.needs, table, *work.matching, *work.finder, *work.children, work.kept),
          block_(*work.pack, work.needs, work.kept.size()),
          evaluator_(*work.plan, *work.pack, work.needs, work.columns),
          counter_(*work.pack, work.needs, work.columns, *work.layout),
          writer_(*work.pack, work.needs, work.columns, work.format, work.reasons, work.language, work.cells, work.kept) {
        if (work.is_read_once) intake_.without_runs();
    }

    void run(const io::Chunk& chunk, ChunkResult& result) {
        result.number = chunk.number;
        result.end = chunk.end;
        intake_.begin(chunk);
        bool more = true;
        while (more) {
            if (work_.stop->load(std::memory_order_relaxed)) throw Stopped();
            rejects_.clear();
            more = intake_.take(block_, block_rows, rejects_);
            rows(result);
            for (Reject& reject : rejects_) this->reject(reject, result);
        }
        result.many_lines = intake_.rows_of_many_lines();
        std::swap(result.ids, intake_.ids());
        result.unknown = intake_.take_unknown();
    }

private:
    void rows(ChunkResult& result) {
        const std::size_t count = block_.rows();
        if (count == 0) return;
        evaluator_.evaluate(block_, results_);
        result.tally.add(TallyLayout::Rows, static_cast<std::int64_t>(count));
        chosen_.resize(count);
        std::iota(chosen_.begin(), chosen_.end(), 0U);
        if (work_.where != bytecode::none) choose_where(result.tally);
        counter_.count(block_, chosen_, results_, result.tally);
        if (work_.only_eligible) {
            const std::size_t out = std::erase_if(chosen_, [this](std::uint32_t row) { return !any_eligible(row); });
            result.tally.add(TallyLayout::OnlyOut, static_cast<std::int64_t>(out));
        }
        writer_.write(result.rows, block_, chosen_, results_);
        result.tally.add(TallyLayout::Written, static_cast<std::int64_t>(chosen_.size()));
    }

    void choose_where(Tally& tally) {
        using columnar::Verdict;
        std::int64_t open = 0;
        for (const Verdict verdict : results_.where) open += verdict == Verdict::Undetermined;
        const std::size_t out = std::erase_if(chosen_, [this](std::uint32_t row) { return results_.where[row] != Verdict::Eligible; });
        tally.add(TallyLayout::WhereOpen, open);
        tally.add(TallyLayout::WhereOut, static_cast<std::int64_t>(out) - open);
    }

    bool any_eligible(std::size_t row) const {
        return std::any_of(results_.policies.begin(), results_.policies.end(), [row](const PolicyResults& policy) { return policy.verdicts[row] == columnar::Verdict::Eligible; });
    }

    void reject(Reject& reject, ChunkResult& result) {
        result.tally.add(TallyLayout::Rows);
        result.tally.add(TallyLayout::Rejected);
        const auto& targets = work_.matching->targets;
        std::size_t column = targets.size();
        if (const auto found = column_numbers_.find(reject.column); found != column_numbers_.end()) column = found->second;
        result.tally.add(work_.layout->reject(static_cast<std::size_t>(reject.kind), std::min(column, work_.layout->table_columns())));
        result.rejects += reject_line(reject, work_.language, work_.reject_cells);
        if (result.first_rejects.size() >= first_rejects) return;
        reject.company = io::clipped(reject.company);
        result.first_rejects.push_back(std::move(reject));
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
    std::vector<std::uint32_t> chosen_;  // the rows that count and are written
    Results results_;
    std::vector<Reject> rejects_;
    std::map<std::string, std::size_t> column_numbers_;
};

// What the threads share: whose turn it is.
class Exchange {
public:
    Exchange(const Work& work, io::Table& table, const TakeResult& take) : work_(work), table_(table), take_(take), most_on_their_way_(work.threads * 2 + 1) {}

    // What each thread does. Whatever is thrown ends the work of all.
    void run() noexcept {
        try {
            work();
        } catch (const Stopped&) {
            end();
        } catch (...) {
            fail(std::current_exception());
        }
    }

    void fail(std::exception_ptr failure) noexcept {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::move(failure);
        ended_ = true;
        taken_.notify_all();
    }

    void throw_failure() const {
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    void work() {
        Worker worker(work_, table_);
        worker.name_columns(table_.header());
        io::Chunk chunk;
        ChunkResult result = spare();
        while (cut(chunk)) {
            // Of enormous rows one thread at a time takes care: what they become takes many times their memory.
            std::unique_lock alone(enormous_, std::defer_lock);
            if (chunk.text.size() + chunk.bytes.size() > usual_bytes) alone.lock();
            worker.run(chunk, result);
            if (alone.owns_lock()) alone.unlock();
            chunk.text.clear_down_to(2 * usual_bytes);
            hand_over(result);
        }
    }

    void end() {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        taken_.notify_all();
    }

    // The next chunk; false when there is none, or no more are wanted.
    bool cut(io::Chunk& chunk) {
        {
            // Who is far behind the others must be waited for, or what they have made would pile up.
            std::unique_lock lock(mutex_);
            taken_.wait(lock, [this] { return on_their_way_ < most_on_their_way_ || ended_; });
            if (ended_) return false;
            ++on_their_way_;
        }
        const std::lock_guard cutting(cutting_);
        if (!cut_all_ && !work_.stop->load(std::memory_order_relaxed) && table_.next(chunk)) {
            chunk.number = next_number_++;
            return true;
        }
        cut_all_ = true;
        return false;
    }

    // Whoever brings the result that is wanted takes it, and those after it that are there already.
    void hand_over(ChunkResult& result) {
        std::unique_lock lock(mutex_);
        if (result.number != wanted_ || taking_) {
            waiting_.emplace(result.number, std::move(result));
            result = spare_locked();
            return;
        }
        taking_ = true;
        while (true) {
            const bool wanted = !ended_;
            lock.unlock();
            const bool more = !wanted || take_(result);
            result.clear();
            lock.lock();
            if (!more) ended_ = true;
            ++wanted_;
            --on_their_way_;
            taken_.notify_all();
            const auto next = waiting_.find(wanted_);
            if (next == waiting_.end()) break;
            spares_.push_back(std::move(result));
            result = std::move(next->second);
            waiting_.erase(next);
        }
        taking_ = false;
    }

    ChunkResult spare() {
        const std::lock_guard lock(mutex_);
        return spare_locked();
    }
    ChunkResult spare_locked() {
        if (spares_.empty()) return {0, {}, {}, {}, {}, {}, {}, {}, Tally(*work_.layout)};
        ChunkResult result = std::move(spares_.back());
        spares_.pop_back();
        return result;
    }

    const Work& work_;
    io::Table& table_;
    const TakeResult& take_;
    const std::size_t most_on_their_way_;
    std::mutex enormous_;  // held while a chunk of enormous rows is worked on

    std::mutex cutting_;  // held while a chunk is cut
    std::uint64_t next_number_ = 0;
    bool cut_all_ = false;

    std::mutex mutex_;  // of all that follows
    std::condition_variable taken_;
    std::map<std::uint64_t, ChunkResult> waiting_;  // not yet wanted
    std::vector<ChunkResult> spares_;               // whose memory is used again
    std::size_t on_their_way_ = 0;
    std::uint64_t wanted_ = 0;
    bool taking_ = false, ended_ = false;
    std::exception_ptr failure_;
};

}  // namespace

void ChunkResult::clear() {
    rows.clear_down_to(2 * usual_bytes);
    if (rejects.capacity() > usual_bytes) rejects = std::string();
    rejects.clear();
    first_rejects.clear();
    tally.clear();
}

std::size_t chunk_bytes_for(std::size_t threads) {
    constexpr std::size_t usual = 256 * 1024, together = 8 * usual, least = 16 * 1024;
    return std::clamp(together / std::max<std::size_t>(threads, 1), least, usual);
}

std::optional<io::Problem> run_pipeline(const Work& work, io::Table& table, const TakeResult& take) {
    Exchange exchange(work, table, take);
    std::vector<std::thread> others;
    try {
        others.reserve(work.threads);
        for (std::size_t i = 1; i < work.threads; ++i) others.emplace_back([&exchange] { exchange.run(); });
    } catch (...) {
        exchange.fail(std::current_exception());
    }
    exchange.run();
    for (std::thread& thread : others) thread.join();
    exchange.throw_failure();
    return table.failure();
}

}  // namespace eligo::screen
