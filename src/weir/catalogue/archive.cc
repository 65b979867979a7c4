#include "weir/catalogue/archive.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <functional>

#include "weir/catalogue/byte_source.h"
#include "weir/catalogue/child_process.h"
#include "weir/catalogue/tar_reader.h"
#include "weir/catalogue/unique_fd.h"
#include "weir/catalogue/zip_reader.h"

namespace weir::catalogue {
namespace {

constexpr int64_t kDebLimitMs = 10 * 60 * 1000;

class File final : public ByteSource, public RandomAccess {
 public:
  static Result<File> open(const std::filesystem::path& path) {
    File file;
    file.fd_ = UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info = {};
    if (!file.fd_ || fstat(file.fd_.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
      return Error(ErrorCode::kNotFound, "cannot open the archive", path.string());
    }
    file.size_ = static_cast<uint64_t>(info.st_size);
    return file;
  }

  Result<std::size_t> read(std::span<std::byte> into) override {
    ssize_t count = -1;
    do {
      count = ::read(fd_.get(), into.data(), into.size());
    } while (count < 0 && errno == EINTR);
    if (count < 0) return Error(ErrorCode::kUnavailable, "cannot read the archive");
    return static_cast<std::size_t>(count);
  }
  uint64_t size() const override { return size_; }
  Status read_at(uint64_t offset, std::span<std::byte> into) override {
    while (!into.empty()) {
      const ssize_t count = pread(fd_.get(), into.data(), into.size(), static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return Error(ErrorCode::kCorrupt, "the archive ends too early");
      offset += static_cast<uint64_t>(count);
      into = into.subspan(static_cast<std::size_t>(count));
    }
    return {};
  }

 private:
  File() = default;
  UniqueFd fd_;
  uint64_t size_ = 0;
};

// What a gzip stream unpacks to; several members one after the other are one stream.
class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(ByteSource& packed) : packed_(packed) {
    constexpr int kGzipOnly = 16;
    ready_ = inflateInit2(&stream_, MAX_WBITS + kGzipOnly) == Z_OK;
  }
  ~GzipSource() override {
    if (ready_) inflateEnd(&stream_);
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  Result<std::size_t> read(std::span<std::byte> into) override {
    if (!ready_) return Error(ErrorCode::kExhausted, "no memory for inflating");
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(into.size());
    while (stream_.avail_out == into.size()) {
      if (stream_.avail_in == 0) {
        WEIR_ASSIGN(const std::size_t count, packed_.read(buffer_));
        if (count == 0 && between_members_) return std::size_t{0};
        if (count == 0) return Error(ErrorCode::kCorrupt, "the gzip stream ends too early");
        stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
        stream_.avail_in = static_cast<uInt>(count);
      }
      between_members_ = false;
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        return Error(ErrorCode::kCorrupt, "the gzip stream is damaged");
      }
      if (code == Z_STREAM_END) {
        between_members_ = true;
        inflateReset(&stream_);
      }
    }
    return into.size() - stream_.avail_out;
  }

 private:
  ByteSource& packed_;
  z_stream stream_ = {};
  std::array<std::byte, 1 << 16> buffer_;
  bool ready_ = false;
  bool between_members_ = false;
};

enum class Kind { kZip, kGzipTar, kTar, kDeb, kUnknown };

Kind kind_of(RandomAccess& file) {
  std::array<char, 512> head = {};
  const std::size_t count = std::min<uint64_t>(file.size(), head.size());
  if (!file.read_at(0, std::as_writable_bytes(std::span(head)).first(count))) return Kind::kUnknown;
  const std::string_view text(head.data(), count);
  if (text.starts_with("PK\3\4") || text.starts_with("PK\5\6")) return Kind::kZip;
  if (text.starts_with("\x1f\x8b")) return Kind::kGzipTar;
  if (text.starts_with("!<arch>\ndebian-binary")) return Kind::kDeb;
  if (count == head.size() && text.substr(257, 5) == "ustar") return Kind::kTar;
  return Kind::kUnknown;
}

using ReadZip = std::function<Status(RandomAccess&)>;
using ReadTar = std::function<Status(ByteSource&)>;

Status read_deb(const std::filesystem::path& archive, std::stop_token stop, const ReadTar& read) {
  const char* named = std::getenv("WEIR_DPKG_DEB");
  const auto program = find_program({named != nullptr ? named : "dpkg-deb"});
  if (!program) {
    return Error(ErrorCode::kUnavailable, "dpkg-deb, which unpacks Debian packages, is missing",
                 archive.string(), "install the package 'dpkg'");
  }
  Command command{{*program, "--fsys-tarfile", std::filesystem::absolute(archive).string()},
                  {},
                  kDebLimitMs,
                  std::move(stop),
                  true};
  WEIR_ASSIGN(ChildProcess child, ChildProcess::start(std::move(command)));
  if (Status status = read(child); !status) {
    // A package that dpkg-deb cannot read ends the tar stream early: its own words say more.
    const std::string said = child.words();
    if (status.error().code == ErrorCode::kCorrupt && !said.empty()) status.error().hint = said;
    return status;
  }
  // Ended early because all was found: then it is of no interest how dpkg-deb would have ended.
  if (child.output_ended()) WEIR_TRY(child.finish());
  return {};
}

Status read_archive(const std::filesystem::path& archive, std::stop_token stop,
                    const ReadZip& read_zip, const ReadTar& read_tar) {
  WEIR_ASSIGN(File file, File::open(archive));
  const auto read = [&]() -> Status {
    switch (kind_of(file)) {
      case Kind::kZip:
        return read_zip(file);
      case Kind::kTar:
        return read_tar(file);
      case Kind::kGzipTar: {
        GzipSource unpacked(file);
        return read_tar(unpacked);
      }
      case Kind::kDeb:
        return read_deb(archive, std::move(stop), read_tar);
      case Kind::kUnknown:
        break;
    }
    return Error(ErrorCode::kCorrupt, "not an archive that can be read", {},
                 "it should be a wheel or zip, a tar or .tgz, or a .deb");
  };
  Status status = read();
  if (!status) return std::move(status).error().at(archive.string());
  return {};
}

}  // namespace

Status extract(const std::filesystem::path& archive, std::span<Extraction> wanted,
               const ArchiveLimits& limits, std::stop_token stop) {
  for (const Extraction& extraction : wanted) {
    if (!safe_member(extraction.member, limits)) {
      return Error(ErrorCode::kInvalidArgument,
                   "'" + extraction.member + "' is no name of a member", archive.string());
    }
  }
  return read_archive(
      archive, std::move(stop),
      [&](RandomAccess& file) { return extract_from_zip(file, wanted, limits); },
      [&](ByteSource& stream) { return extract_from_tar(stream, wanted, limits); });
}

Result<std::vector<ArchiveMember>> list_archive(const std::filesystem::path& archive,
                                                const ArchiveLimits& limits) {
  std::vector<ArchiveMember> members;
  WEIR_TRY(read_archive(
      archive, {},
      [&](RandomAccess& file) -> Status {
        WEIR_ASSIGN(const std::vector<ZipMember> found, read_zip_directory(file, limits));
        for (const ZipMember& member : found) members.push_back({member.name, member.bytes});
        return {};
      },
      [&](ByteSource& stream) -> Status {
        WEIR_ASSIGN(const std::vector<TarMember> found, list_tar(stream, limits));
        for (const TarMember& member : found) members.push_back({member.name, member.bytes});
        return {};
      }));
  return members;
}

}  // namespace weir::catalogue
