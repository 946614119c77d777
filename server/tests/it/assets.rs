use std::fs;

use axum::http::StatusCode;
use tidemark_domain::Role;
use tidemark_server::http::router;

use crate::support::{Client, TestConsole};

async fn client() -> (Client, tempfile::TempDir) {
    let site = tempfile::tempdir().unwrap();
    let pkg = site.path().join("pkg");
    fs::create_dir(&pkg).unwrap();
    fs::write(pkg.join("tidemark.0123.js"), "export default 1;").unwrap();
    fs::write(pkg.join("tidemark.0123.js.br"), "as if compressed").unwrap();
    fs::write(site.path().join("favicon.svg"), "<svg/>").unwrap();
    fs::write(site.path().join("hash.txt"), "js: 0123\n").unwrap();
    fs::write(site.path().join(".stamp"), "x").unwrap();
    let mut web = TestConsole::new().await.web;
    web.leptos.site_root = site.path().display().to_string().into();
    web.leptos.hash_files = true;
    web.leptos.hash_file = site.path().join("hash.txt").display().to_string().into();
    (Client::new(router(web)), site)
}

#[tokio::test]
async fn files_with_a_hash_in_their_name_are_kept_for_ever_and_come_compressed() {
    let (client, _site) = client().await;
    let plain = client
        .clone()
        .get("/pkg/tidemark.0123.js")
        .await
        .expect(StatusCode::OK);
    assert_eq!(
        plain.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(plain.body, "export default 1;");
    let mut modern = client.with("accept-encoding", "br, gzip");
    let small = modern
        .get("/pkg/tidemark.0123.js")
        .await
        .expect(StatusCode::OK);
    assert_eq!(small.header("content-encoding"), "br");
    assert_eq!(small.body, "as if compressed");
    assert!(small.header("content-type").starts_with("text/javascript"));
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_kept() {
    let (mut client, _site) = client().await;
    let answer = client
        .get("/pkg/tidemark.4567.js")
        .await
        .expect(StatusCode::NOT_FOUND);
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn only_the_sites_own_files_are_served() {
    let (mut client, _site) = client().await;
    client.get("/favicon.svg").await.expect(StatusCode::OK);
    for path in [
        "/hash.txt",
        "/.stamp",
        "/pkg/../hash.txt",
        "/pkg/%2e%2e/hash.txt",
    ] {
        let answer = client.get(path).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        assert!(!answer.body.contains("0123"), "{path}");
    }
}

#[tokio::test]
async fn a_page_loads_the_script_by_its_hashed_name() {
    let (client, _site) = client().await;
    let page = client
        .browser()
        .get("/sign-in")
        .await
        .expect(StatusCode::OK);
    assert!(page.body.contains("/pkg/tidemark.0123.js"), "{}", page.body);
}

#[tokio::test]
async fn pages_and_answers_are_compressed_for_what_browsers_accept() {
    let console = TestConsole::new().await;
    let client = console.signed_in(Role::Admin).await;
    // What Chromium, Firefox and Safari send, in this order.
    for (accepted, answered) in [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
    ] {
        for path in ["/", "/api/v1/overview"] {
            let mut client = client.clone().with("accept-encoding", accepted);
            let answer = client.get(path).await;
            assert_eq!(
                answer.header("content-encoding"),
                answered,
                "{path} for {accepted}"
            );
        }
    }
}
