/* limits.h - every ceiling, in one place, each with its reason.
 *
 * Input past a ceiling is an ERR_LIMIT that names the ceiling and where it was
 * met; nothing is silently cut. Rooms add theirs under their own heading. */
#pragma once

/* ---- io ---- */
/* One line of a text database. Debian's longest Depends line is under 20 KiB. */
#define LIMIT_LINE_BYTES (1u << 20)
/* JSON and YAML nesting; the deepest real feed has 12. */
#define LIMIT_VALUE_DEPTH 64u
/* Redirects followed for one GET; release hosts use two. */
#define LIMIT_HTTP_REDIRECTS 8u
/* The longest Retry-After that is waited for; a person watches. */
#define LIMIT_HTTP_RETRY_SECONDS 120u

/* Values of one JSON or YAML tree, at about 100 bytes each: the largest secdb file has 60,000. */
#define LIMIT_VALUE_NODES 4000000u
/* One YAML document, which is read at 60 MB/s: secdb's have 300 KB. */
#define LIMIT_YAML_BYTES (64u << 20)
/* One path of a tar entry: twice PATH_MAX, which no kernel opens. */
#define LIMIT_TAR_PATH_BYTES 8192u
/* One pax header or GNU long name; extended attributes come here, at most 64 KiB each. */
#define LIMIT_TAR_EXTENSION_BYTES (8u << 20)
/* Extended headers in a row for one entry; GNU tar writes at most 3. */
#define LIMIT_TAR_EXTENSIONS 16u
/* Pieces of a sparse file: a 64 GB file with a hole every 256 KiB. */
#define LIMIT_TAR_SPARSE_RUNS (256u << 10)
/* zstd's window, as a power of two: 128 MiB, what `zstd --long` writes and decoders accept. */
#define LIMIT_ZSTD_WINDOW_LOG 27
/* Entries of one zip; OSV's largest, npm, has 230,000. */
#define LIMIT_ZIP_ENTRIES 1000000u
/* Central directory of one zip: a million entries of 100 bytes. */
#define LIMIT_ZIP_DIRECTORY_BYTES (100u << 20)
/* ---- worker ---- */
/* What a worker may send back: 100,000 packages of 300 bytes are 30 MB. */
#define LIMIT_WORKER_REPLY_BYTES (256u << 20)
/* Address space of a worker: two cores' zstd windows, rings and a 512 MiB rpm database. */
#define LIMIT_WORKER_MEMORY_BYTES (4ull << 30)
/* Processor time of a worker: a 100 GB image at 50 MB/s. */
#define LIMIT_WORKER_CPU_SECONDS 2000u
/* Files a worker has open at once; a walk holds one a directory level. */
#define LIMIT_WORKER_OPEN_FILES 4096u

/* ---- image ---- */
/* One layer, inflated. The largest public images (CUDA, ML) have layers of 10-15 GB. */
#define LIMIT_LAYER_BYTES (64ull << 30)
/* A bomb: a layer that inflates past this, and to more than so many times its stored size.
 * Real layers reach 20; one that is mostly zeros 100. */
#define LIMIT_BOMB_BYTES (1ull << 30)
#define LIMIT_BOMB_RATIO 300u
/* Entries of one layer: ten times the largest public image (1.4 M, a conda farm). */
#define LIMIT_LAYER_ENTRIES 10000000u
/* Layers of one image; engines stop at 127, build tools can make more. */
#define LIMIT_LAYERS 1024u
/* A manifest, index or config; registries refuse manifests over 4 MiB. */
#define LIMIT_MANIFEST_BYTES (8u << 20)
/* Images that one index or archive names; the largest official index has about 20. */
#define LIMIT_MANIFESTS 1000u
/* Indexes inside each other; one index inside index.json is the usual. */
#define LIMIT_INDEX_DEPTH 8u
/* Documents of a layout that may vouch for its image: signatures, SBOMs; usual are three. */
#define LIMIT_PAPERS 200u
#define LIMIT_PAPER_BYTES (1u << 20)
/* Members of an archive of an image: blobs, and the folders docker save makes. */
#define LIMIT_ARCHIVE_MEMBERS 20000u
/* Manifests and configs of an archive that is read as a stream, and so kept unseen. */
#define LIMIT_ARCHIVE_TEXT_BYTES (64u << 20)
/* What an engine says of one image. */
#define LIMIT_ENGINE_JSON_BYTES (16u << 20)
/* An image as an engine exports it: all its layers, plain. */
#define LIMIT_EXPORT_BYTES (256ull << 30)
/* Entries of all layers together, at about 250 bytes each: a host's root has 1-2 million. */
#define LIMIT_IMAGE_ENTRIES 4000000u
/* Directories inside each other; each holds a descriptor. node_modules go to about 60. */
#define LIMIT_DIR_DEPTH 512u
/* Symlinks followed for one path, as Linux does (path_resolution(7)). */
#define LIMIT_LINK_HOPS 40u
/* Path components walked for one image: 4 million entries 60 deep. */
#define LIMIT_TREE_STEPS (1u << 28)
/* Nodes of a file system, at 50 bytes each: every entry, and as many directories not listed. */
#define LIMIT_TREE_NODES 8000000u

/* ---- catalog ---- */
/* A package database; the largest rpm database met is 300 MB, a workstation's. */
#define LIMIT_PACKAGE_DB_BYTES (512u << 20)
/* A file beside one: a list of files, a write-ahead log. */
#define LIMIT_COMPANION_BYTES (64u << 20)
/* os-release and its kin are a few hundred bytes. */
#define LIMIT_RELEASE_BYTES (64u << 10)
/* Packages of one image; a full Debian archive has 60,000. */
#define LIMIT_PACKAGES 500000u
/* Files of one package; texlive has 150,000. */
#define LIMIT_PACKAGE_FILES 1000000u
/* A Python egg; it is kept whole for one small file in it. Metadata holds a README at most. */
#define LIMIT_EGG_BYTES (64u << 20)
#define LIMIT_PYTHON_METADATA_BYTES (4u << 20)
/* A Go program's module list; Kubernetes' largest is 60 KiB. */
#define LIMIT_GO_BUILDINFO_BYTES (2u << 20)
/* Data of one Go program that is kept until it is known where its module list starts; before
 * go1.18 that was told behind the list. Kubernetes' largest program then had 60 MB. */
#define LIMIT_GO_DATA_BYTES (64u << 20)

/* ---- advisory ---- */
/* One shard of the database, inflated; the Linux kernel's rows of one release are 3 MB. */
#define LIMIT_DB_SHARD_BYTES (64u << 20)
/* The index of one table: a line of 80 bytes a shard. */
#define LIMIT_DB_INDEX_BYTES (64u << 20)
/* The directory: a line of 80 bytes a table, and the stamp. */
#define LIMIT_DB_DIRECTORY_BYTES (4u << 20)
/* One document of a feed, unpacked; Debian's tracker is 75 MB. */
#define LIMIT_FEED_DOCUMENT_BYTES (512ull << 20)
/* All documents of one archive together; OSV's largest, npm, is 700 MB. */
#define LIMIT_FEED_ARCHIVE_BYTES (4ull << 30)
/* A bomb: an archive that unpacks to more than so many times its size, and to more than 256 MiB.
 * Advisories repeat themselves: real archives reach 70. */
#define LIMIT_FEED_RATIO 300u
#define LIMIT_FEED_RATIO_FREE_BYTES (256ull << 20)
/* Events of one OSV range; the longest of PyPI has 30. They are sorted by insertion. */
#define LIMIT_OSV_EVENTS 4096u
/* Entries of one archive; see LIMIT_ZIP_ENTRIES. */
#define LIMIT_FEED_ENTRIES 1000000u

/* ---- flow: feeds on disk ---- */
/* One file of a feed as downloaded; the largest public one is under 200 MB. */
#define LIMIT_FEED_FILE_BYTES (1ull << 30)
/* Files of one feed, and ecosystems whose rows are counted apart: Alpine has two a release. */
#define LIMIT_FEED_FILES 256u
#define LIMIT_FEED_PARTS 256u
/* Folders inside each other when a feed is one; the Git trees they come from have four. */
#define LIMIT_FEED_DIR_DEPTH 16u
/* State of one feed: 256 lines of at most 2 KiB. */
#define LIMIT_FEED_STATE_BYTES (1u << 20)
/* The database a worker may write; today's is under 200 MB. */
#define LIMIT_DB_BYTES (4ull << 30)

/* Facts of a snapshot, unpacked; ours are about 60 MB. */
#define LIMIT_SNAPSHOT_BYTES (1ull << 30)

/* ---- policy ---- */
/* An ignore file: 30,000 entries with a reason each; the largest public ones have hundreds. */
#define LIMIT_IGNORE_BYTES (4u << 20)

/* ---- cli ---- */
/* A configuration file: every option of every command takes 10 KiB. */
#define LIMIT_CONFIG_BYTES (1u << 20)

/* ---- report ---- */
/* One report, written: 100,000 findings with references are 200 MB of JSON. */
#define LIMIT_REPORT_BYTES (512u << 20)
