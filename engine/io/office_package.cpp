#include "office_package.hpp"

#include <expat.h>
#include <minizip/unzip.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "formats.hpp"

namespace eligo::io {
namespace {

constexpr std::size_t piece = 64 * 1024;
// Of the parts that say where others are; sheets and texts have no such bound.
constexpr std::uint64_t most_of_a_list = std::uint64_t{1} << 20;
constexpr std::size_t most_entries = 100'000, most_names = std::size_t{8} << 20;
// A tag or a comment, which the parser keeps until it ends, and elements within each other.
constexpr std::uint64_t longest_tag = std::uint64_t{1} << 20;
constexpr int deepest = 256;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// One spelling of a part's name: names do not differ by capitals, by the slash of another system, or by %20 for a blank.
std::string plain_name(std::string_view name) {
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        char c = name[i];
        if (c == '%' && i + 2 < name.size() && hex_digit(name[i + 1]) >= 0 && hex_digit(name[i + 2]) >= 0) {
            c = static_cast<char>(hex_digit(name[i + 1]) * 16 + hex_digit(name[i + 2]));
            i += 2;
        }
        text += c == '\\' ? '/' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    std::vector<std::string_view> steps;
    const std::string_view all = text;
    for (std::size_t at = 0; at <= all.size();) {
        const std::size_t end = std::min(all.find('/', at), all.size());
        const std::string_view step = all.substr(at, end - at);
        if (step == ".." && !steps.empty()) steps.pop_back();
        if (!step.empty() && step != "." && step != "..") steps.push_back(step);
        at = end + 1;
    }
    std::string result;
    for (const std::string_view step : steps) result += (result.empty() ? "" : "/") + std::string(step);
    return result;
}

std::string folder_of(const std::string& part) {
    const std::size_t slash = part.rfind('/');
    return slash == std::string::npos ? "" : part.substr(0, slash + 1);
}

std::string relations_of(const std::string& part) { return folder_of(part) + "_rels/" + part.substr(folder_of(part).size()) + ".rels"; }

class TypesReader : public PartReader {
public:
    TypesReader(std::map<std::string, std::string>& parts, std::map<std::string, std::string>& endings) : parts_(parts), endings_(endings) {}
    void begin(int, std::string_view element, const Attributes& attributes) override {
        const std::string type(attributes.find("ContentType"));
        if (element == "Override") parts_[plain_name(attributes.find("PartName"))] = type;
        if (element == "Default") endings_[plain_name(attributes.find("Extension"))] = type;
    }

private:
    std::map<std::string, std::string>& parts_;
    std::map<std::string, std::string>& endings_;
};

class RelationsReader : public PartReader {
public:
    explicit RelationsReader(std::string folder) : folder_(std::move(folder)) {}
    std::map<std::string, Package::Relation> relations;

    void begin(int, std::string_view element, const Attributes& attributes) override {
        if (element != "Relationship") return;
        const std::string_view type = attributes.find("Type"), target = attributes.find("Target");
        const bool outside = attributes.find("TargetMode") == "External";
        const bool from_top = target.starts_with('/') || target.starts_with('\\');
        relations[std::string(attributes.find("Id"))] = {std::string(type.substr(type.rfind('/') + 1)), outside ? "" : plain_name((from_top ? "" : folder_) + std::string(target))};
    }

private:
    std::string folder_;
};

}  // namespace

bool refuse_to_read(std::vector<Problem>& problems, std::string chinese, std::string english) {
    Problem problem = malformed({}, std::move(chinese), std::move(english));
    problem.kind = ProblemKind::CannotRead;
    problems.push_back(std::move(problem));
    return false;
}

bool not_a_workbook(std::vector<Problem>& problems) {
    return refuse_to_read(problems, "不是可以读取的Excel工作簿（.xlsx）：文件可能不完整，或者有密码", "this is no Excel workbook (.xlsx) that can be read: it may be cut off, or have a password");
}

std::string_view local_name(const char* name) {
    const char* const colon = std::strrchr(name, ':');
    return colon == nullptr ? std::string_view(name) : std::string_view(colon + 1);
}

const char* Attributes::value_of(std::string_view name) const {
    for (std::size_t i = 0; raw_[i] != nullptr; i += 2) {
        const std::string_view full = raw_[i];
        if (full.ends_with(name) && (full.size() == name.size() || full[full.size() - name.size() - 1] == ':')) return raw_[i + 1];
    }
    return nullptr;
}

std::string_view Attributes::find(std::string_view name) const {
    const char* const value = value_of(name);
    return value == nullptr ? std::string_view() : value;
}

std::string_view Attributes::find_prefixed(std::string_view name) const {
    for (std::size_t i = 0; raw_[i] != nullptr; i += 2) {
        if (name == raw_[i]) return raw_[i + 1];
    }
    return {};
}

bool Attributes::has(std::string_view name) const { return value_of(name) != nullptr; }

// ---- the archive

Package::~Package() {
    if (archive_ != nullptr) unzClose(archive_);
}

std::unique_ptr<Package> Package::open(const std::string& path, const std::atomic<bool>* stop, std::vector<Problem>& problems) {
    if (::access(path.c_str(), F_OK) != 0) return refuse_to_read(problems, "没有这个文件", "there is no such file"), nullptr;
    std::unique_ptr<Package> package(new Package);
    package->stop_ = stop;
    package->archive_ = unzOpen64(path.c_str());
    if (package->archive_ == nullptr) return not_a_workbook(problems), nullptr;
    if (!package->list_entries(problems)) return nullptr;
    return package;
}

bool Package::list_entries(std::vector<Problem>& problems) {
    std::size_t names = 0;
    for (int status = unzGoToFirstFile(archive_); status != UNZ_END_OF_LIST_OF_FILE; status = unzGoToNextFile(archive_)) {
        std::array<char, 4096> name{};
        unz_file_info64 info{};
        unz64_file_pos position{};
        if (status != UNZ_OK || unzGetCurrentFileInfo64(archive_, &info, name.data(), name.size() - 1, nullptr, 0, nullptr, 0) != UNZ_OK || unzGetFilePos64(archive_, &position) != UNZ_OK) return not_a_workbook(problems);
        names += info.size_filename;
        if (entries_.size() == most_entries || names > most_names) return refuse_to_read(problems, "压缩包中的文件过多，不能作为工作簿读取", "the archive holds too many files for a workbook");
        const auto [entry, added] = entries_.emplace(plain_name(name.data()), Entry{position.pos_in_zip_directory, position.num_of_file, info.uncompressed_size, (info.flag & 1U) != 0, false});
        if (!added) entry->second.is_twice = true;
    }
    return true;
}

std::string Package::main_part(std::vector<Problem>& problems) {
    TypesReader types(types_by_part_, types_by_ending_);
    const std::string list = "[content_types].xml";
    if (!has(list)) return refuse_to_read(problems, "这是zip压缩包，不是Excel工作簿；请先解压，再读取其中的文件", "this is a zip archive and no Excel workbook; unpack it, and take the file in it"), "";
    if (!read(list, types, most_of_a_list)) return not_a_workbook(problems), "";
    for (const auto& [id, relation] : relations("")) {
        if (relation.type == "officeDocument" && has(relation.target)) return relation.target;
    }
    return not_a_workbook(problems), "";
}

const Package::Entry* Package::find(const std::string& part) const {
    const auto found = entries_.find(part);
    return found == entries_.end() ? nullptr : &found->second;
}

// What two parts of one name hold is read differently by different readers.
bool Package::go_to(const std::string& part) {
    const Entry* const entry = find(part);
    if (entry == nullptr || entry->is_twice || entry->is_locked) return false;
    unz64_file_pos position{};
    position.pos_in_zip_directory = entry->offset;
    position.num_of_file = entry->number;
    return unzGoToFilePos64(archive_, &position) == UNZ_OK && unzOpenCurrentFile(archive_) == UNZ_OK;
}

std::string Package::content_type(const std::string& part) const {
    if (const auto found = types_by_part_.find(part); found != types_by_part_.end()) return found->second;
    const auto found = types_by_ending_.find(part.substr(part.rfind('.') + 1));
    return found == types_by_ending_.end() ? "" : found->second;
}

std::map<std::string, Package::Relation> Package::relations(const std::string& part) {
    RelationsReader reader(folder_of(part));
    if (!read(relations_of(part), reader, most_of_a_list)) return {};
    return std::move(reader.relations);
}

std::unique_ptr<Package::Parsing> Package::parse(const std::string& part, PartReader& reader) {
    if (!go_to(part)) return nullptr;
    return std::unique_ptr<Parsing>(new Parsing(archive_, reader, find(part)->size, stop_));
}

bool Package::read(const std::string& part, PartReader& reader, std::uint64_t most) {
    const auto parsing = parse(part, reader);
    if (!parsing) return false;
    while (parsing->advance()) {
        if (parsing->done() > most) return false;
    }
    return !parsing->is_broken();
}

bool Package::may_hold(const std::string& part, std::string_view bytes) {
    if (!go_to(part)) return true;
    std::string text(piece, '\0');
    std::size_t kept = 0;
    bool found = false;
    while (!found && (stop_ == nullptr || !stop_->load(std::memory_order_relaxed))) {
        text.resize(kept + piece);
        const int got = unzReadCurrentFile(archive_, text.data() + kept, piece);
        text.resize(kept + static_cast<std::size_t>(std::max(got, 0)));
        // UTF-16 has zeros between the letters.
        const bool is_wide = kept == 0 && std::string_view(text).substr(0, 64).find('\0') != std::string_view::npos;
        found = is_wide || text.find(bytes) != std::string::npos || got < 0;
        if (got <= 0) break;
        kept = std::min(bytes.size() - 1, text.size());
        text.erase(0, text.size() - kept);
    }
    unzCloseCurrentFile(archive_);
    return found;
}

// ---- parsing

struct Package::Parsing::Parser {
    XML_Parser expat = XML_ParserCreate(nullptr);
    PartReader& reader;
    int depth = 0;

    explicit Parser(PartReader& to) : reader(to) {
        XML_SetUserData(expat, this);
        XML_SetElementHandler(
            expat,
            [](void* self, const XML_Char* element, const XML_Char** attributes) {
                auto& parser = *static_cast<Parser*>(self);
                if (++parser.depth > deepest) XML_StopParser(parser.expat, XML_FALSE);
                parser.reader.begin(parser.depth, local_name(element), Attributes(attributes));
            },
            [](void* self, const XML_Char* element) {
                auto& parser = *static_cast<Parser*>(self);
                parser.reader.end(parser.depth--, local_name(element));
                if (parser.reader.is_enough()) XML_StopParser(parser.expat, XML_TRUE);
            });
        XML_SetCharacterDataHandler(expat, [](void* self, const XML_Char* text, int size) { static_cast<Parser*>(self)->reader.text({text, static_cast<std::size_t>(size)}); });
        // No entity of an input may make it grow.
        XML_SetDoctypeDeclHandler(
            expat, [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) { XML_StopParser(static_cast<Parser*>(self)->expat, XML_FALSE); }, [](void*) {});
    }
    ~Parser() { XML_ParserFree(expat); }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;
};

Package::Parsing::Parsing(void* archive, PartReader& reader, std::uint64_t in_all, const std::atomic<bool>* stop)
    : archive_(archive), parser_(std::make_unique<Parser>(reader)), stop_(stop), in_all_(in_all) {}

Package::Parsing::~Parsing() {
    if (!ended_) unzCloseCurrentFile(archive_);
}

bool Package::Parsing::advance() {
    if (ended_ || broken_ || (stop_ != nullptr && stop_->load(std::memory_order_relaxed))) return false;
    XML_Parser const expat = parser_->expat;
    XML_Status status = XML_STATUS_ERROR;
    if (paused_) {
        status = XML_ResumeParser(expat);
    } else {
        void* const buffer = XML_GetBuffer(expat, piece);
        const int got = buffer == nullptr ? -1 : unzReadCurrentFile(archive_, buffer, piece);
        done_ += static_cast<std::uint64_t>(std::max(got, 0));
        is_last_ = got == 0;
        if (got >= 0) status = XML_ParseBuffer(expat, got, is_last_);
    }
    paused_ = status == XML_STATUS_SUSPENDED;
    // A tag that does not end is kept, and looked at again with every piece.
    const auto is_endless = [&] {
        const XML_Index at = XML_GetCurrentByteIndex(expat);
        return at >= 0 && done_ > static_cast<std::uint64_t>(at) + longest_tag;
    };
    if (status == XML_STATUS_ERROR || (!paused_ && is_endless())) {
        broken_ = true;
        return false;
    }
    if (paused_ || !is_last_) return true;
    // Its checksum tells whether all of it was there.
    ended_ = true;
    broken_ = unzCloseCurrentFile(archive_) != UNZ_OK;
    return false;
}

}  // namespace eligo::io
