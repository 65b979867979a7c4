#include "weir/catalogue/entry.h"

#include <algorithm>

#include "weir/catalogue/sha256.h"

namespace weir::catalogue {
namespace {

using config::field;
using config::Fields;
using config::Node;

Error wrong(const Node& node, const std::string& name, const std::string& text,
            const std::string& hint = {}) {
  return config::error_at(node, name + ": " + text, hint);
}

// What reaches a client's command line must not be taken for an option or a path.
bool safe_package_name(std::string_view name) {
  if (name.starts_with('@')) {
    const std::size_t slash = name.find('/');
    return slash != std::string_view::npos && safe_name(name.substr(1, slash - 1)) &&
           safe_name(name.substr(slash + 1));
  }
  return safe_name(name);
}

// As above, and '+', '~', ':' and '!', which Debian and Python versions have.
bool safe_version(std::string_view version) {
  std::string plain(version);
  std::erase_if(plain, [](char c) { return c == '+' || c == '~' || c == ':' || c == '!'; });
  return plain.empty() == version.empty() && (version.empty() || safe_name(plain));
}

Status check_package(const Package& package, const Node& node, const std::string& name) {
  const int named = !package.pip.empty() + !package.npm.empty() + !package.apt.empty();
  if (named != 1) return wrong(node, name, "exactly one of 'pip', 'npm' and 'apt' is wanted");
  if (!safe_package_name(package.name())) {
    return wrong(node, name, "'" + package.name() + "' is no package name");
  }
  if (!safe_version(package.version)) {
    return wrong(node, name, "'" + package.version + "' is no version");
  }
  if (package.version.empty() && package.apt.empty()) {
    return wrong(node, name, "'version' is missing", "pin the version, such as 1.2.3");
  }
  if (!package.archive.empty() && !safe_version(package.archive)) {
    return wrong(node, name, "'" + package.archive + "' is no file name");
  }
  return {};
}

Status check_file(const EntryFile& file, const Node& node, const std::string& name) {
  if (!file.sha256.empty() && !looks_like_sha256(file.sha256)) {
    return wrong(node, name, "'sha256' must have 64 digits, 0-9 and a-f");
  }
  if (!file.member.empty() && !safe_member(file.member, ArchiveLimits())) {
    return wrong(node, name, "'" + file.member + "' is no name of a member");
  }
  if (!file.range.empty() && (file.range[0] < 0 || file.range[0] >= file.range[1])) {
    return wrong(node, name, "'range' must be [first, end) with first < end");
  }
  if (!file.range.empty() && file.bytes != 0 && file.range[1] - file.range[0] != file.bytes) {
    return wrong(node, name, "'range' and 'bytes' do not agree");
  }
  if (!file.file_name().empty() && !safe_name(file.file_name())) {
    return wrong(node, name, "'" + file.file_name() + "' is no file name", "set 'as'");
  }
  return {};
}

Status check_source(const Entry& entry, const Node& node, const std::string& name) {
  const int sources = entry.package.has_value() + !entry.url.empty() + !entry.path.empty();
  if (sources != 1) {
    return wrong(node, name, "exactly one of 'package', 'url' and 'path' is wanted");
  }
  const bool hashed = !entry.sha256.empty() ||
                      (!entry.files.empty() &&
                       std::all_of(entry.files.begin(), entry.files.end(),
                                   [](const EntryFile& file) { return !file.sha256.empty(); }));
  const bool plain_http = entry.url.starts_with("http://");
  if (!entry.url.empty() && !plain_http && !entry.url.starts_with("https://") &&
      !entry.url.starts_with("file:///")) {
    return wrong(node, name, "'url' must start with https:// or file:///");
  }
  if (plain_http && !hashed) {
    return wrong(node, name, "over http:// every file needs a sha256", "use https://");
  }
  return {};
}

Status check_entry(const Entry& entry, const Node& node, const std::string& name) {
  WEIR_TRY(check_source(entry, node, name));
  if (!entry.sha256.empty() && (!entry.files.empty() || entry.package)) {
    return wrong(node, name, "'sha256' belongs into 'files'");
  }
  if (!entry.sha256.empty() && !looks_like_sha256(entry.sha256)) {
    return wrong(node, name, "'sha256' must have 64 digits, 0-9 and a-f");
  }
  if (entry.package && entry.files.empty()) return wrong(node, name, "'files' is missing");
  std::vector<std::string> names;
  for (const EntryFile& file : entry.files) {
    if (entry.package && file.member.empty()) {
      return wrong(node, name, "a file of a package needs 'member'");
    }
    names.push_back(file.file_name());
  }
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end()) {
    return wrong(node, name, "two files have the same name", "set 'as'");
  }
  return {};
}

}  // namespace

bool safe_name(std::string_view name) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.size() <= 200 && name.front() != '.' && name.front() != '-' &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string Package::to_string() const {
  return std::string(client()) + " package " + name() + (version.empty() ? "" : " " + version);
}

std::string EntryFile::file_name() const {
  return as.empty() ? member.substr(member.rfind('/') + 1) : as;
}

ByteRange EntryFile::byte_range() const {
  if (range.size() != 2) return {};
  return {static_cast<uint64_t>(range[0]), static_cast<uint64_t>(range[1] - range[0])};
}

int64_t Entry::bytes() const {
  int64_t sum = 0;
  for (const EntryFile& file : files) {
    if (file.bytes == 0) return 0;
    sum += file.bytes;
  }
  return sum;
}

std::string Entry::content_key() const {
  Sha256 hash;
  const auto add = [&hash](std::string_view text) {
    hash.update(text);
    hash.update("\n");
  };
  for (const EntryFile& file : files) {
    add(file.file_name());
    // What has no hash is named by where it comes from.
    add(file.sha256.empty() ? url + (package ? package->to_string() : "") + file.member
                            : file.sha256);
  }
  return hash.hex().substr(0, 12);
}

const Fields<Package>& config_fields(const Package*) {
  static const Fields<Package> fields = std::move(
      Fields<Package>(
          "package", "A package, fetched by its registry's own client.",
          {field("pip", &Package::pip).help("Name of a Python package."),
           field("npm", &Package::npm).help("Name of an npm package."),
           field("apt", &Package::apt).help("Name of a Debian package."),
           field("version", &Package::version).help("The exact version."),
           field("archive", &Package::archive)
               .help("The name of the archive. The tags in a wheel's name "
                     "are asked for, whatever Python is there."),
           field("bytes", &Package::bytes).at_least(0).unit("bytes").help("Size of the archive.")})
          .check(check_package));
  return fields;
}

const Fields<EntryFile>& config_fields(const EntryFile*) {
  static const Fields<EntryFile> fields = std::move(
      Fields<EntryFile>(
          "file", "A file of an entry.",
          {field("member", &EntryFile::member)
               .help("Its name in the archive; without it, the fetched file itself."),
           field("range", &EntryFile::range)
               .count(2, 2)
               .at_least(0)
               .example("[184, 9987912]")
               .help("Only these bytes of the member: first, and one after the last."),
           field("sha256", &EntryFile::sha256)
               .help("Of the result. Without it, nothing is checked."),
           field("bytes", &EntryFile::bytes).at_least(0).unit("bytes").help("Size of the result."),
           field("as", &EntryFile::as).help("Its name in the cache.")})
          .check(check_file));
  return fields;
}

const Fields<InputHint>& config_fields(const InputHint*) {
  static const Fields<InputHint> fields(
      "input", "How a model wants its picture: value = (pixel * scale - mean) / std.",
      {field("size", &InputHint::size).count(2, 2).above(0).help("Width and height."),
       field("layout", &InputHint::layout).help("nchw or nhwc."),
       field("colour", &InputHint::colour).help("rgb, bgr or grey."),
       field("scale", &InputHint::scale).help("Factor of the pixel."),
       field("mean", &InputHint::mean).help("Per channel."),
       field("std", &InputHint::std).help("Per channel."),
       field("resize", &InputHint::resize).help("letterbox, stretch or crop.")});
  return fields;
}

const Fields<Entry>& config_fields(const Entry*) {
  static const Fields<Entry> fields = std::move(
      Fields<Entry>(
          "entry", "An entry of the catalogue.",
          {field("kind", &Entry::kind).help("What it is."),
           field("task", &Entry::task).help("What it is for, in two or three words."),
           field("about", &Entry::about).help("One sentence more."),
           field("package", &Entry::package).help("The package that holds it."),
           field("url", &Entry::url)
               .help("Or: an address. https://, file:///; http:// with hashes."),
           field("path", &Entry::path)
               .help("Or: a file or folder of this machine, used where it lies."),
           field("sha256", &Entry::sha256).help("Of the one file of a url or path."),
           field("files", &Entry::files).help("What is taken out of it."),
           field("licence", &Entry::licence).help("Of the weights or the media."),
           field("source", &Entry::source).help("Who made it."),
           field("family", &Entry::family).help("The family of models that reads its outputs."),
           field("input", &Entry::input).help("How it wants its picture."),
           field("labels", &Entry::labels).help("Names of its classes, in their order."),
           field("thresholds", &Entry::thresholds)
               .help("What counts as found, as in a model spec."),
           field("family_options", &Entry::family_options)
               .help("What only its family understands, as in a model spec."),
           field("backends", &Entry::backends).help("The back ends that are known to read it."),
           field("sample", &Entry::sample).help("An entry of kind media to try it on.")})
          .check(check_entry));
  return fields;
}

}  // namespace weir::catalogue
