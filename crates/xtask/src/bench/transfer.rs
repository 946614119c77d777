use std::{collections::BTreeSet, path::Path};

use anyhow::bail;

use super::{client::attribute, row::Row};
use crate::http::Connection;

const PAGE_BUDGET: usize = 350_000;
const WASM_BUDGET: usize = 260_000;

/// What a browser transfers for the overview: the page, and everything that it links to.
pub(super) fn measure(address: &str, cookie: &str) -> anyhow::Result<Vec<Row>> {
    let mut connection = Connection::open(address)?;
    let mut get = |path: &str| -> anyhow::Result<(usize, Vec<u8>)> {
        let headers = [
            ("accept", "text/html,*/*"),
            // As browsers ask.
            ("accept-encoding", "gzip, deflate, br, zstd"),
            ("cookie", cookie),
        ];
        let response = connection.request("GET", path, &headers, &[])?;
        if response.status != 200 {
            bail!("{path} answered {}", response.status);
        }
        Ok((response.body.len(), response.body))
    };
    let (page, _) = get("/")?;
    // Once more as text, to see what it links to.
    let html = Connection::open(address)?
        .request(
            "GET",
            "/",
            &[("accept", "text/html"), ("cookie", cookie)],
            &[],
        )?
        .body;
    let mut total = page;
    let mut wasm = 0;
    for path in links(&String::from_utf8(html)?) {
        let (size, _) = get(&path)?;
        total += size;
        if Path::new(&path)
            .extension()
            .is_some_and(|extension| extension == "wasm")
        {
            wasm += size;
        }
    }
    if wasm == 0 {
        bail!("the overview loads no WebAssembly");
    }
    Ok(vec![
        Row::new(
            "First page (overview), transferred, Brotli, everything",
            "≤ 350 KB",
            kilobytes(total),
            total <= PAGE_BUDGET,
        ),
        Row::new(
            "First page: WebAssembly",
            "≤ 260 KB",
            kilobytes(wasm),
            wasm <= WASM_BUDGET,
        ),
        Row::new("First page: the HTML itself", "", kilobytes(page), None),
    ])
}

/// The scripts, styles, modules and icons that a page makes the browser load.
fn links(html: &str) -> BTreeSet<String> {
    let tags = html.split('<').filter_map(|rest| rest.split('>').next());
    tags.filter_map(|tag| match tag.split_whitespace().next()? {
        "link" => attribute(tag, "href"),
        "script" | "img" => attribute(tag, "src"),
        _ => None,
    })
    .filter(|path| path.starts_with('/'))
    .collect()
}

fn kilobytes(bytes: usize) -> String {
    format!("{} KB", bytes.div_ceil(1000))
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn everything_a_page_loads_is_found_once() {
        let html = r#"<link rel="preload" href="/pkg/a.wasm"><link href="/pkg/a.wasm"/>
            <script src="/pkg/a.js"></script><a href="/runs">Runs</a><link href="https://elsewhere/x.css">"#;
        let found: Vec<String> = links(html).into_iter().collect();
        assert_eq!(found, ["/pkg/a.js", "/pkg/a.wasm"]);
    }
}
