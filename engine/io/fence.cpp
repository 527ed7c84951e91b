#include "fence.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

namespace eligo::io {
namespace {

namespace fs = std::filesystem;

#ifdef O_PATH
constexpr int on_the_way = O_PATH | O_DIRECTORY | O_CLOEXEC;  // a folder that may be entered need not be listed
#else
constexpr int on_the_way = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
#endif
// A pipe without a writer is opened at once, so that it can be looked at and refused.
constexpr int to_read = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

Refusal refusal_of(int error) {
    switch (error) {
        case ENOENT:
        case ENOTDIR:
        case ENAMETOOLONG: return Refusal::NotFound;
        case ELOOP: return Refusal::Circle;
        case ENXIO: return Refusal::NotRegular;  // a socket
        default: return Refusal::CannotOpen;
    }
}

FileRead refused(Refusal refusal) { return {std::nullopt, refusal}; }

FileRead read_all(int file, std::size_t most) {
    std::string bytes;
    for (std::size_t piece = std::size_t{1} << 16;; piece *= 2) {
        const std::size_t before = bytes.size();
        bytes.resize(before + piece);
        const ssize_t got = ::read(file, bytes.data() + before, piece);
        bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got == 0) return {std::move(bytes), {}};
        if (got < 0 && errno != EINTR) return refused(Refusal::CannotOpen);
        if (bytes.size() > most) return refused(Refusal::TooLarge);
    }
}

// What is open is looked at, and not its name, which may stand for something else by now.
FileRead read_regular(int file, std::size_t most) {
    struct stat status{};
    if (::fstat(file, &status) != 0) return refused(Refusal::CannotOpen);
    if (S_ISDIR(status.st_mode)) return refused(Refusal::Folder);
    if (!S_ISREG(status.st_mode)) return refused(Refusal::NotRegular);
    if (static_cast<std::uintmax_t>(status.st_size) > most) return refused(Refusal::TooLarge);
    return read_all(file, most);
}

bool lies_within(const fs::path& path, const fs::path& root) {
    return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

// Component by component, none of which may be a link: the path is canonical, so one that is has just been put there.
FileRead read_beneath(int root, const fs::path& path, std::size_t most) {
    Descriptor folder(::dup(root));
    for (auto part = path.begin(); part != path.end(); ++part) {
        if (!folder.is_open()) return refused(refusal_of(errno));
        const bool last = std::next(part) == path.end();
        folder = Descriptor(::openat(folder.number(), part->c_str(), (last ? to_read : on_the_way) | O_NOFOLLOW));
    }
    if (!folder.is_open()) return refused(errno == ELOOP ? Refusal::Outside : refusal_of(errno));
    return read_regular(folder.number(), most);
}

}  // namespace

Wording wording_of(Refusal refusal, std::size_t most) {
    const std::string megabytes = std::to_string(most / 1'000'000);
    switch (refusal) {
        case Refusal::NotFound: return {"没有这个文件", "there is no such file"};
        case Refusal::Outside: return {"这个链接指向规则文件夹之外，请把文件放进文件夹，或用 --rules 指出其所在文件夹", "this link leads outside the folders of the rules; put the file itself there, or name its folder too"};
        case Refusal::Folder: return {"这是文件夹，不是文件", "this is a folder, not a file"};
        case Refusal::NotRegular: return {"这是管道、套接字或设备，规则只能读自普通文件", "this is a pipe, a socket or a device; rules are read from regular files"};
        case Refusal::Circle: return {"链接首尾相连，不通向任何文件", "links lead in a circle and to no file"};
        case Refusal::TooLarge: return {"文件过大，规则文件至多" + megabytes + "MB，请分成几个文件", "the file is too large; rules may have " + megabytes + " MB at most, split it into several files"};
        case Refusal::CannotOpen: break;
    }
    return {"无法打开文件，请检查读取权限", "the file cannot be opened; look at its permissions"};
}

FileRead read_named(const std::string& path, std::size_t most) {
    if (path == "-") return read_all(STDIN_FILENO, most);
    const Descriptor file(::open(path.c_str(), to_read));
    return file.is_open() ? read_regular(file.number(), most) : refused(refusal_of(errno));
}

Fence::~Fence() {
    for (const Root& root : roots_) ::close(root.descriptor);
}

void Fence::allow(const std::string& path) {
    std::error_code error;
    const bool folder = fs::is_directory(path, error);
    const fs::path beside = fs::path(path).parent_path();
    const fs::path root = fs::canonical(folder ? fs::path(path) : beside.empty() ? fs::path(".") : beside, error);
    if (error || std::any_of(roots_.begin(), roots_.end(), [&](const Root& each) { return each.path == root.string(); })) return;
    const int descriptor = ::open(root.c_str(), on_the_way);
    if (descriptor >= 0) roots_.push_back({root.string(), descriptor});
}

FileRead Fence::read(const std::string& path, std::size_t most) const {
    if (path.find('\0') != std::string::npos) return refused(Refusal::NotFound);  // the system would read less than was checked
    std::error_code error;
    // Whether there is such a file is told of no place outside.
    const fs::path canonical = fs::weakly_canonical(fs::absolute(path, error), error);
    if (error) return refused(refusal_of(error.value()));
    const auto root = std::find_if(roots_.begin(), roots_.end(), [&](const Root& each) { return lies_within(canonical, each.path); });
    if (root == roots_.end()) return refused(Refusal::Outside);
    const fs::path within = canonical.lexically_relative(root->path);
    if (within == ".") return refused(Refusal::Folder);
    return read_beneath(root->descriptor, within, most);
}

}  // namespace eligo::io
