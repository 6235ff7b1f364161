//! Every relative link in our Markdown leads to a file that is there.

use std::path::Path;
use std::process::Command;

use crate::steps::Outcome;

/// Checks the Markdown files that git tracks.
pub(crate) fn check() -> Outcome {
    let root = crate::root();
    let mut broken = Vec::new();
    let pages = tracked(&root, "*.md")?;
    for page in &pages {
        let text = std::fs::read_to_string(root.join(page))
            .map_err(|error| format!("{page} cannot be read: {error}"))?;
        let folder = Path::new(page).parent().unwrap_or(Path::new(""));
        for target in relative_links(&text) {
            if !root.join(folder).join(&target).exists() {
                broken.push(format!("{page} → {target}"));
            }
        }
    }
    println!("{} pages looked at", pages.len());
    if broken.is_empty() {
        return Ok(());
    }
    for link in &broken {
        println!("broken: {link}");
    }
    Err(format!("{} broken links", broken.len()))
}

/// Paths git tracks that match `pattern`, relative to `root`, in git's order.
pub(crate) fn tracked(root: &Path, pattern: &str) -> Result<Vec<String>, String> {
    let listing = Command::new("git")
        .current_dir(root)
        .args(["ls-files", "--", pattern])
        .output()
        .map_err(|error| format!("git ls-files: {error}"))?;
    Ok(String::from_utf8_lossy(&listing.stdout).lines().map(str::to_owned).collect())
}

/// Targets of `[text](target)` and `src="target"` outside code, without anchors and web addresses.
fn relative_links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for (open, close) in [("](", ')'), ("src=\"", '"')] {
            let targets = line.split(open).skip(1).filter_map(|rest| rest.split(close).next());
            links.extend(targets.filter_map(path_of));
        }
    }
    links
}

fn path_of(target: &str) -> Option<String> {
    let path = target.split('#').next().unwrap_or("");
    let elsewhere = path.is_empty() || path.contains("://") || path.starts_with("mailto:");
    (!elsewhere).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::relative_links;

    #[test]
    fn only_links_to_files_of_ours_are_followed() {
        let text = "[a](docs/a.md#part) [b](https://example.com) [c](#here) <img src=\"b.svg\">\n\
                    ```\n[in code](gone.md)\n```\n[d](../d.md)";
        assert_eq!(relative_links(text), ["docs/a.md", "b.svg", "../d.md"]);
    }
}
