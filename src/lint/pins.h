/* pins.h - how each package manager's words say which version. */
#pragma once
#include "base/str.h"

/* True: this word names one version, or is a file, an address, a directory. */
bool pinned_apt(Str word);
bool pinned_apk(Str word);
bool pinned_rpm(Str word);
bool pinned_zypper(Str word);
bool pinned_pip(Str word);
bool pinned_npm(Str word);
bool pinned_gem(Str word);
bool pinned_go(Str word);
bool pinned_at(Str word); /* name@1.2.3 */
bool pinned_conda(Str word);
bool pinned_composer(Str word);
