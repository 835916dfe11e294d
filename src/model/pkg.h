/* pkg.h - what is installed. Plain nouns: no I/O, no parsing.
 *
 * Strings live in the arena of the Facts they belong to; S("") or {0} means
 * that the source did not say. */
#pragma once
#include "base/vec.h"

typedef enum PkgType { PKG_DEB = 1, PKG_APK, PKG_RPM, PKG_PYPI, PKG_GOLANG } PkgType;

/* Nobody brought it in a layer: a root file system, or a layer that is not known. */
#define LAYER_NONE UINT32_MAX

typedef struct Pkg {
	PkgType type;
	/* As the database spells it; pypi is normalised by PEP 503, golang is the module path. */
	Str name;
	/* What the type's version order compares: deb and rpm are [epoch:]version[-release]. */
	Str version;
	Str arch;
	/* Source package, or apk origin; empty when it is the package itself. rpm: from
	 * SOURCERPM, without version and release. */
	Str source_name;
	Str source_version;  /* empty when the same as `version` */
	Str module;          /* rpm modularity label, name:stream:version:context */
	Str license, vendor; /* vendor: dpkg Maintainer, apk maintainer, rpm Vendor */
	Str path;            /* the file that told us, from the image's root, no leading '/' */
	Str purl;            /* its package URL (purl-spec) */
	uint32_t layer;      /* index into Image.layers: the layer that brought this version */
	uint32_t owner;      /* 1 + index of the package that owns `path`; 0: no OS package does */
	uint64_t size;       /* installed bytes; 0 when the database does not say */
	StrVec files;        /* paths it owns, no leading '/'; filled by OS databases that say */
} Pkg;

/* Something that could not be decided; it is shown, counted and never taken for clean. */
typedef struct Undecided {
	Str subject; /* a path, a package, a distribution */
	Str reason;
} Undecided;

/* The operating system, from os-release(5) or the older files beside it. */
typedef struct OsRelease {
	Str id;         /* ID: debian, alpine, rhel ...; lower case */
	Str id_like;    /* ID_LIKE, blank separated */
	Str version_id; /* VERSION_ID: 12, 3.19.1, 9.4 */
	Str codename;   /* VERSION_CODENAME: bookworm */
	Str pretty;     /* PRETTY_NAME */
	Str variant_id; /* VARIANT_ID */
	Str path;       /* the file that told us */
} OsRelease;

typedef struct Facts { /* everything the files of one image say */
	Arena *arena;
	VEC(Pkg) pkgs;
	OsRelease os; /* os.id empty: not known */
	VEC(Undecided) undecided;
} Facts;

/* Copies the strings of `p` (not p.files) into f->arena. */
void facts_add_pkg(Facts *f, Pkg p);
/* `reason` is a sentence without a full stop; both are copied. */
void facts_undecided(Facts *f, Str subject, const char *reason, ...)
	__attribute__((format(printf, 3, 4)));

const char *pkg_type_name(PkgType t); /* deb apk rpm pypi golang: the purl type */
/* PEP 503: lower case, and each run of '-', '_' and '.' is one '-'. In `a`. */
Str pypi_name(Arena *a, Str name);
