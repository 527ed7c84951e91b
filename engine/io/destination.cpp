#include "destination.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "formats.hpp"

namespace eligo::io {
namespace {

// ---- which file a name leads to

struct Identity {
    dev_t device = 0;
    ino_t inode = 0;
    friend bool operator==(const Identity&, const Identity&) = default;
};

Identity identity_of(const struct stat& status) { return {status.st_dev, status.st_ino}; }

// A name in a folder, and the file that has it, if there is one. A file that is not there yet is known by its name alone, one
// with several names by its inode.
struct Name {
    std::string shown;
    std::optional<Identity> file;
    std::optional<Identity> folder;
    std::string last;

    [[nodiscard]] bool same_as(const Name& other) const {
        if (file && other.file) return *file == *other.file;
        return folder && other.folder && *folder == *other.folder && last == other.last;
    }
};

// A terminal or /dev/null may be written as often as anyone likes.
std::optional<Identity> identity_of_output(const struct stat& status) {
    if (S_ISCHR(status.st_mode)) return std::nullopt;
    return identity_of(status);
}
// Both ways of one socket have one inode.
std::optional<Identity> identity_of_input(const struct stat& status) {
    if (S_ISSOCK(status.st_mode)) return std::nullopt;
    return identity_of_output(status);
}

// What stands under these names may be a plain file for the moment (`2> log`), but the name is no file's. In /dev/shm/ are files.
bool names_device(const std::string& path) { return (path.starts_with("/dev/") && !path.starts_with("/dev/shm/")) || path.starts_with("/proc/"); }

struct Way {
    DestinationKind kind = DestinationKind::File;
    std::string path;
    std::string named;  // as it was given, as long as no link was followed
    Name name;
    int reason = 0;  // errno, when it leads nowhere that could be written
};

std::pair<std::string, std::string> folder_and_name(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return {".", path};
    return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

std::string real_path(const std::string& path) {
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
    return real ? real.get() : "";
}

std::string target_of_link(const std::string& path) {
    std::string target(4096, '\0');
    const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
    target.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return target;
}

Way in_place(const std::string& path, const std::string& given) {
    Way way;
    way.kind = path == "/dev/stdout" ? DestinationKind::StandardOutput : DestinationKind::InPlace;
    way.path = path;
    way.named = given;
    way.name.shown = given;
    struct stat status{};
    const bool known = way.kind == DestinationKind::StandardOutput ? ::fstat(STDOUT_FILENO, &status) == 0 : ::stat(path.c_str(), &status) == 0;
    if (known) way.name.file = identity_of_output(status);
    return way;
}

// Follows links one by one, since on the way there may be the name of a device, which is written in place wherever it leads.
Way way_to(const std::string& given) {
    constexpr int most_links = 40;
    Way way;
    way.name.shown = given;
    const auto fail = [&way](int reason) {
        way.reason = reason;
        return way;
    };
    std::string path = given;
    for (int links = 0; links < most_links; ++links) {
        if (names_device(path)) return in_place(path, given);
        const auto [folder, last] = folder_and_name(path);
        const std::string real = real_path(folder);
        if (real.empty()) return fail(errno);
        path = (real == "/" ? "" : real) + "/" + last;
        if (last.empty() || last == "." || last == "..") return fail(EISDIR);
        if (names_device(path)) return in_place(path, given);
        struct stat status{}, of_folder{};
        if (::stat(real.c_str(), &of_folder) != 0) return fail(errno);
        way.path = path;
        way.named = links == 0 ? given : path;
        way.name.folder = identity_of(of_folder);
        way.name.last = last;
        if (::lstat(path.c_str(), &status) != 0) return errno == ENOENT ? way : fail(errno);
        if (S_ISLNK(status.st_mode)) {
            const std::string target = target_of_link(path);
            path = target.starts_with('/') ? target : real + "/" + target;
            continue;
        }
        if (S_ISDIR(status.st_mode)) return fail(EISDIR);
        if (!S_ISREG(status.st_mode)) return in_place(path, given);
        way.name.file = identity_of(status);
        // It could be replaced without asking it; but who forbids writing it means it.
        if (::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) return fail(errno);
        return way;
    }
    return fail(ELOOP);
}

Name name_of_input(const std::string& given) {
    Name name;
    name.shown = given;
    struct stat status{};
    const bool known = given == "-" ? ::fstat(STDIN_FILENO, &status) == 0 : ::stat(given.c_str(), &status) == 0;
    if (known) name.file = identity_of_input(status);
    return name;
}

Name beside(const Way& way, const std::string& ending) {
    Name name = way.name;
    name.last += ending;
    name.shown = way.named + ending;
    struct stat status{};
    name.file.reset();
    if (::stat((way.path + ending).c_str(), &status) == 0) name.file = identity_of(status);
    return name;
}

// ---- what is said

struct Why {
    std::string chinese, english;
};

Why why_not_written(int reason) {
    switch (reason) {
        case ENOENT: return {"文件夹不存在", "the folder does not exist"};
        case ENOTDIR: return {"路径中有一段不是文件夹", "a part of the path is no folder"};
        case EACCES:
        case EPERM:
        case EROFS: return {"没有写入权限", "writing there is not allowed"};
        case EISDIR: return {"这是一个文件夹", "it is a folder"};
        case ENOSPC: return {"磁盘已满", "the disk is full"};
        case EDQUOT: return {"磁盘配额已用完", "the disk quota is used up"};
        case EFBIG: return {"超过了允许的文件大小", "the file would be larger than is allowed"};
        case EPIPE: return {"读取输出的程序已经结束", "the program that reads the output has ended"};
        case ESTALE: return {"未完成的输出不是上次留下的样子；去掉 --resume 可从头开始", "the unfinished output is not as the interrupted run left it; without --resume it begins anew"};
        case ELOOP: return {"这里有一个链接，不跟随它；请把它移开", "a link stands there, which is not followed; move it away"};
        case EMLINK: return {"这个文件还有别的名字（硬链接）；请把它移开", "that file has a second name (a hard link); move it away"};
        case EUSERS: return {"这个文件属于别人；请把它移开", "that file belongs to someone else; move it away"};
        case ENXIO: return {"这里有一个不是文件的东西；请把它移开", "something stands there that is no file; move it away"};
        case EEXIST: return {"这里已有一个文件，并不是中断的运行留下的；请把它移开，或换一个输出文件名", "a file stands there that no interrupted run has left; move it away, or name another output"};
        default: return {std::strerror(reason), std::strerror(reason)};
    }
}

Problem problem_of(const std::string& file, std::string chinese, std::string english) {
    Problem problem = malformed({}, std::move(chinese), std::move(english));
    problem.kind = ProblemKind::CannotRead;
    problem.file = file;
    return problem;
}

// ---- the file that is replaced

// As far as this is allowed: who may not give a file away keeps it.
void take_attributes(int from, int to) {
    std::string names(64 * 1024, '\0'), value(64 * 1024, '\0');
    const ssize_t size = ::flistxattr(from, names.data(), names.size());
    for (std::size_t at = 0; size > 0 && at < static_cast<std::size_t>(size); at += std::strlen(names.data() + at) + 1) {
        const ssize_t length = ::fgetxattr(from, names.data() + at, value.data(), value.size());
        if (length >= 0) (void)::fsetxattr(to, names.data() + at, value.data(), static_cast<std::size_t>(length), 0);
    }
}

bool take_mode_and_owner(const std::string& replaced, int file, mode_t otherwise) {
    struct stat status{};
    if (::lstat(replaced.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return ::fchmod(file, otherwise) == 0;
    if (::fchown(file, status.st_uid, status.st_gid) != 0) {
        // The group may be one of ours where the owner is not.
        (void)!::fchown(file, static_cast<uid_t>(-1), status.st_gid);
    }
    if (::fchmod(file, status.st_mode & 0777) != 0) return false;
    if (const int before = ::open(replaced.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); before >= 0) {
        take_attributes(before, file);
        ::close(before);
    }
    return true;
}

void sync_folder_of(const std::string& path) {
    const int file = ::open(folder_and_name(path).first.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return;
    (void)::fsync(file);
    ::close(file);
}

int create_new(const std::string& path) { return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600); }

// errno, or 0.
int fill_and_close(int file, std::string_view bytes) {
    int reason = write_all(file, bytes);
    if (reason == 0 && ::fsync(file) != 0) reason = errno;
    if (::close(file) != 0 && reason == 0) reason = errno;
    return reason;
}

}  // namespace

// ---- claiming

class Claims {
public:
    Claims(const Intent& intent, std::vector<Problem>& problems) : intent_(intent), problems_(problems) {}

    std::optional<std::vector<Destination>> take() {
        for (const Output& output : intent_.outputs) {
            ways_.push_back(output.path.empty() || output.path == "-" ? in_place("/dev/stdout", "-") : way_to(output.path));
            if (ways_.back().reason != 0) return refuse(cannot_write(output.path, ways_.back().reason));
        }
        if (!compare()) return std::nullopt;
        std::vector<Destination> destinations;
        for (std::size_t i = 0; i < ways_.size(); ++i) {
            auto destination = lock(i);
            if (!destination) return std::nullopt;
            destinations.push_back(std::move(*destination));
        }
        if (!look_at_leftovers(destinations)) return std::nullopt;
        return destinations;
    }

private:
    struct Claimed {
        std::size_t output;
        Name name;
        bool is_output_itself;
    };

    std::nullopt_t refuse(Problem problem) {
        problems_.push_back(std::move(problem));
        return std::nullopt;
    }

    // The names that an output takes: its own, and those that it has until it is finished.
    void claim_names(std::size_t output) {
        claimed_.push_back({output, ways_[output].name, true});
        if (ways_[output].kind != DestinationKind::File) return;
        const std::string& record = intent_.outputs[output].record_ending;
        for (const std::string& ending : {std::string(".partial"), std::string(".lock"), record}) {
            if (!ending.empty()) claimed_.push_back({output, beside(ways_[output], ending), false});
        }
    }

    // Which of the two is named depends on nothing but the command line.
    bool compare() {
        for (std::size_t i = 0; i < ways_.size(); ++i) claim_names(i);
        for (const std::string& given : intent_.inputs) {
            const Name input = name_of_input(given);
            for (const Claimed& claimed : claimed_) {
                if (claimed.name.same_as(input)) return refuse_input(claimed, input);
            }
        }
        for (std::size_t i = 0; i < claimed_.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (claimed_[i].output != claimed_[j].output && claimed_[i].name.same_as(claimed_[j].name)) return refuse_output(claimed_[i], claimed_[j]);
            }
        }
        return true;
    }

    // "-o", or with the name that it has until it is finished.
    [[nodiscard]] Why said(const Claimed& claimed) const {
        if (intent_.outputs[claimed.output].path.empty()) return {"标准输出", "standard output"};
        const std::string& role = intent_.outputs[claimed.output].role;
        const std::string text = claimed.is_output_itself ? role : role + " (" + claimed.name.shown + ")";
        return {text, text};
    }

    bool refuse_input(const Claimed& claimed, const Name& input) {
        const Why output = said(claimed);
        problems_.push_back(problem_of(intent_.outputs[claimed.output].path, output.chinese + " 与要读取的 " + input.shown + " 是同一个文件，写入会毁掉它；请换一个文件名",
                                       output.english + " is the same file as " + input.shown + ", which is read and would be destroyed; name another file"));
        return false;
    }

    bool refuse_output(const Claimed& one, const Claimed& other) {
        const Why first = said(other), second = said(one);
        problems_.push_back(problem_of(intent_.outputs[one.output].path, first.chinese + " 与 " + second.chinese + " 是同一个文件；请分别写明两个文件",
                                       first.english + " and " + second.english + " are the same file; name two files"));
        return false;
    }

    std::optional<Destination> lock(std::size_t output) {
        const Way& way = ways_[output];
        Destination destination;
        destination.kind_ = way.kind;
        destination.path_ = way.path;
        destination.named_ = way.named;
        if (way.kind != DestinationKind::File) return destination;
        destination.record_ending_ = intent_.outputs[output].record_ending;
        destination.token_ = RunLock::make_token();
        const mode_t mask = ::umask(0);
        ::umask(mask);
        destination.mode_ = 0666 & ~mask;
        auto lock = RunLock::take(way.path, way.named, destination.token_, intent_.command, problems_);
        if (!lock) return std::nullopt;
        was_left_ = was_left_ || lock->was_left();
        destination.lock_ = std::move(*lock);
        return destination;
    }

    // What stands where unfinished files go must be what a run has left there: one that was killed has left its lock as well, one that
    // was interrupted its record.
    bool look_at_leftovers(const std::vector<Destination>& destinations) {
        bool recorded = was_left_;
        for (std::size_t i = 0; i < destinations.size(); ++i) {
            const Output& output = intent_.outputs[i];
            if (!destinations[i].is_file() || output.record_ending.empty() || !exists(destinations[i].record())) continue;
            if (!is_left_by_us(destinations[i], output.record_ending, output.record_title)) return false;
            recorded = true;
        }
        for (const Destination& destination : destinations) {
            if (!destination.is_file() || !exists(destination.partial())) continue;
            if (!is_left_by_us(destination, ".partial", "")) return false;
            if (!recorded) return refuse(cannot_write(destination.named() + ".partial", EEXIST)), false;
        }
        return true;
    }

    bool is_left_by_us(const Destination& destination, const std::string& ending, const std::string& title) {
        const int file = open_own(destination.path() + ending, O_RDONLY);
        int reason = file < 0 ? errno : 0;
        std::string begun(title.size(), '\0');
        if (file >= 0) {
            if (::read(file, begun.data(), begun.size()) != static_cast<ssize_t>(begun.size()) || begun != title) reason = EEXIST;
            ::close(file);
        }
        return reason == 0 || (refuse(cannot_write(destination.named() + ending, reason)), false);
    }

    static bool exists(const std::string& path) {
        struct stat status{};
        return ::lstat(path.c_str(), &status) == 0;
    }

    const Intent& intent_;
    std::vector<Problem>& problems_;
    std::vector<Way> ways_;
    std::vector<Claimed> claimed_;
    bool was_left_ = false;
};

bool leads_to_file(const std::string& path) { return !path.empty() && path != "-" && way_to(path).kind == DestinationKind::File; }

std::optional<std::vector<Destination>> claim(const Intent& intent, std::vector<Problem>& problems) { return Claims(intent, problems).take(); }

// ---- writing

int Destination::open_in_place() const {
    if (is_standard_output()) return ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (path_ == "/dev/stderr") return ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    return ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
}

int Destination::create_temporary() const { return create_new(temporary()); }

bool Destination::put_in_place(const std::string& written, int file) const {
    int reason = take_mode_and_owner(path_, file, mode_) && ::fsync(file) == 0 ? 0 : errno;
    if (::close(file) != 0 && reason == 0) reason = errno;
    if (reason == 0 && std::rename(written.c_str(), path_.c_str()) != 0) reason = errno;
    if (reason == 0) sync_folder_of(path_);
    errno = reason;
    return reason == 0;
}

bool Destination::replace_record(std::string_view bytes) const {
    const std::string beside = temporary() + ".record";
    const int file = create_new(beside);
    if (file < 0) return false;
    int reason = fill_and_close(file, bytes);
    if (reason == 0 && std::rename(beside.c_str(), record().c_str()) != 0) reason = errno;
    if (reason == 0) {
        sync_folder_of(path_);
        return true;
    }
    std::remove(beside.c_str());
    errno = reason;
    return false;
}

bool write_whole(const Destination& destination, std::string_view bytes) {
    const bool whole = destination.is_file();
    const int file = whole ? destination.create_temporary() : destination.open_in_place();
    if (file < 0) return false;
    int reason = write_all(file, bytes);
    if (reason == 0 && whole) {
        reason = destination.put_in_place(destination.temporary(), file) ? 0 : errno;
    } else if (::close(file) != 0 && reason == 0) {
        reason = errno;
    }
    if (reason != 0 && whole) std::remove(destination.temporary().c_str());
    errno = reason;
    return reason == 0;
}

Problem cannot_write(const std::string& path, int reason) {
    const Why why = why_not_written(reason);
    return problem_of(path, "无法写入：" + why.chinese, "cannot be written: " + why.english);
}

int open_own(const std::string& path, int flags, mode_t mode) {
    if ((flags & O_CREAT) != 0) {
        const int made = ::open(path.c_str(), flags | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (made >= 0 || errno != EEXIST) return made;
    }
    const int file = ::open(path.c_str(), (flags & ~O_CREAT) | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) return -1;
    struct stat status{};
    int reason = ::fstat(file, &status) == 0 ? 0 : errno;
    if (reason == 0 && !S_ISREG(status.st_mode)) reason = ENXIO;
    if (reason == 0 && status.st_nlink > 1) reason = EMLINK;
    if (reason == 0 && status.st_uid != ::geteuid()) reason = EUSERS;
    if (reason == 0) return file;
    ::close(file);
    errno = reason;
    return -1;
}

int write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

}  // namespace eligo::io
