// Any bytes as the record that an interrupted run leaves beside its output: they are no record, or are written again as they were
// read. And line by line as what a record says of a real run, which then goes on from there: it ends whole with its output in
// place, or says why it cannot; what was not so is not found out, but harms nothing.
// Broken when: a record is taken that was touched, or going on believes it more than it may.
#include <atomic>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "../../engine/io/checksum.hpp"
#include "../../engine/screen/checkpoint.hpp"
#include "../../engine/screen/screen.hpp"
#include "../engines/rules.hpp"
#include "shop.hpp"
#include "target.hpp"

namespace {

namespace fs = std::filesystem;
using namespace eligo;

// A folder of this process, in memory where there is such a place, since outputs are brought to the disk.
class Folder {
public:
    Folder() {
        std::string name = (fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path()) / "eligo-fuzz-XXXXXX";
        fuzz::require(mkdtemp(name.data()) != nullptr, "no folder");
        path_ = name;
        put("in.csv", "company_id,opened,staff,skilled,sales.2017,sales.2016,weight,share,lease,sort,industry,town,owner\n"
                      "a,2015-01-01,10,2,10000,20000,1,50%,24,food,C39,x,x\nb,2016-01-01,many,2,10000,20000,1,50%,24,food,C39,x,x\nc,2017-12-01,100,2,,?,1,50%,24,tools,F51,x,y\n");
        put("goods.csv", "company_id,price,made,from\na,10,2018-01-01,x\na,12.50,2018-02-01,x\nd,1,2018-01-01,y\nc,?,,\n");
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }
    void put(const std::string& name, std::string_view bytes) const { std::ofstream(path_ / name, std::ios::binary | std::ios::trunc) << bytes; }
    [[nodiscard]] bool has(const std::string& name) const { return fs::exists(path_ / name); }
    void remove_outputs() const {
        for (const char* name : {"out.csv", "out.csv.partial", "out.csv.resume", "out.rejects.csv", "out.rejects.csv.partial"}) fs::remove(path_ / name);
    }

private:
    fs::path path_;
};

screen::Request request_in(const Folder& folder) {
    static const oracle::Rules rules = oracle::compiled("shop.policy", fuzz::shop_rules);
    fuzz::require(rules.pack.has_value(), rules.errors);
    screen::Request request;
    request.pack = &*rules.pack;
    request.question.as_of = value::day_from_civil(2018, 6, 1);
    request.input = folder.path("in.csv");
    request.lists.push_back({"goods", folder.path("goods.csv")});
    request.output = folder.path("out.csv");
    request.resume = true;
    return request;
}

// What a run leaves that was interrupted before its first row.
screen::Checkpoint left_by_a_run(const Folder& folder) {
    std::atomic<bool> stop{false};
    screen::Request request = request_in(folder);
    request.stop = &stop;
    screen::Listener listener;
    listener.on_start = [&stop](const screen::Start&) { stop = true; };
    const screen::Outcome outcome = screen::screen(request, listener);
    fuzz::require(outcome.ending == screen::Ending::Interrupted, "a run is not interrupted" + (outcome.problems.empty() ? std::string() : ": " + outcome.problems.front().english));
    const auto left = screen::read_checkpoint(folder.path("out.csv.resume"));
    fuzz::require(left.has_value(), "a run leaves no record");
    return *left;
}

std::uint64_t sum_of(std::string_view bytes) {
    io::Checksum sum;
    sum.add(bytes);
    return sum.value();
}

std::string_view take_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

std::uint64_t take_number(std::string_view& text) {
    const std::string_view line = take_line(text);
    std::uint64_t number = 0;
    std::from_chars(line.data(), line.data() + line.size(), number);
    return number;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text = fuzz::text_of(data, size);
    if (const auto read = screen::checkpoint_of(text)) fuzz::require(screen::text_of(*read) == text, "a record is not what was read");

    static const Folder folder;
    static const screen::Checkpoint left = left_by_a_run(folder);
    screen::Checkpoint said = left;
    said.position = {take_number(text), take_number(text), take_number(text)};
    said.output_size = take_number(text);
    said.rejects_size = take_number(text);
    said.complete = take_number(text) == 1;
    said.tally = take_line(text);
    said.lists = take_line(text);
    folder.remove_outputs();
    // What had been written; of a complete run the files may have their names already.
    const std::string_view rows = take_line(text);
    const bool named = said.complete && rows.empty();
    folder.put(named ? "out.csv" : "out.csv.partial", rows);
    folder.put(named ? "out.rejects.csv" : "out.rejects.csv.partial", text);
    const screen::Request request = request_in(folder);
    // It goes on only from bytes that have their sums.
    said.output_sum = sum_of(rows.substr(0, said.output_size));
    said.rejects_sum = sum_of(text.substr(0, said.rejects_size));
    folder.put("out.csv.resume", screen::text_of(said));

    const screen::Outcome outcome = screen::screen(request, {});
    for (const io::Problem& problem : outcome.problems) fuzz::require(!problem.english.empty() && !problem.chinese.empty(), "a problem without words");
    fuzz::require((outcome.ending == screen::Ending::Whole) == outcome.problems.empty(), "it has not come to its end, and no word of why");
    if (outcome.ending == screen::Ending::Whole) {
        fuzz::require(folder.has("out.csv") && !folder.has("out.csv.partial") && !folder.has("out.csv.resume"), "an output that is not in place");
        fuzz::require((*outcome.tally)[screen::TallyLayout::Rows] >= 0, "fewer rows than none");
    } else {
        fuzz::require(folder.has("out.csv.resume"), "a run that could not go on has taken its record away");
    }
    return 0;
}
