use std::{collections::HashMap, fs, sync::Arc};

use leptos::{config::LeptosOptions, prelude::*};
use leptos_meta::{Link, Meta};

use super::Console;

/// The files of each area's code, by the area's name: what a page's head asks for early.
#[derive(Clone, Debug, Default)]
pub struct AreaFiles(Arc<HashMap<String, Vec<String>>>);

impl AreaFiles {
    /// Reads the lines `area <name>: <address> …` of the site's file of hashes. A site without such lines works too:
    /// areas are then asked for by the code that needs them.
    pub fn of(options: &LeptosOptions) -> Self {
        let hashes = fs::read_to_string(options.hash_file.as_ref()).unwrap_or_default();
        Self(Arc::new(parse(&hashes, &options.site_pkg_dir)))
    }
}

fn parse(hashes: &str, pkg: &str) -> HashMap<String, Vec<String>> {
    let areas = hashes
        .lines()
        .filter_map(|line| line.strip_prefix("area ")?.split_once(':'));
    areas
        .map(|(area, files)| {
            let files = files.split_whitespace();
            let addresses = files.map(|file| format!("/{pkg}/{file}"));
            (area.trim().to_owned(), addresses.collect())
        })
        .collect()
}

/// Says in the head of the page that is being made which one it is, and what the browser will need for its area.
pub(crate) fn tell((meta, page): (&'static str, &'static str), area: &str) {
    // Routes are listed without a console.
    let Some(console) = use_context::<Console>() else {
        return;
    };
    // What is made into HTML is put into the head.
    drop(view! { <Meta name=meta content=page/> }.to_html());
    for file in console.areas.0.get(area).into_iter().flatten() {
        let preload = view! {
            <Link rel="preload" href=file.clone() as_="fetch" type_="application/wasm" crossorigin="" fetchpriority="low"/>
        };
        drop(preload.to_html());
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_files_of_areas_are_read_beside_the_hashes() {
        let hashes = "js: 12\narea plans: split_plans.34.wasm chunk_1.56.wasm\narea home:\n";
        let areas = parse(hashes, "pkg");
        assert_eq!(
            areas["plans"],
            ["/pkg/split_plans.34.wasm", "/pkg/chunk_1.56.wasm"]
        );
        assert_eq!(areas["home"], [""; 0]);
        assert_eq!(areas.len(), 2);
    }
}
