//! A browser without JavaScript: cookies, forms, redirects.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE, USER_AGENT};
use reqwest::{Client, Method, StatusCode, redirect};

#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    url: String,
    cookies: BTreeMap<String, String>,
    headers: HeaderMap,
    /// Where a proxy says that it is.
    address: Option<String>,
    pub(crate) csrf: String,
    /// Path and query of the page that is shown.
    pub(crate) path: String,
    pub(crate) html: String,
    pub(crate) status: StatusCode,
}

impl Browser {
    pub(crate) fn at(url: &str) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self {
            client,
            url: url.to_owned(),
            cookies: BTreeMap::from([("sekisho_language".to_owned(), "ja".to_owned())]),
            headers: HeaderMap::new(),
            address: None,
            csrf: String::new(),
            path: String::new(),
            html: String::new(),
            status: StatusCode::OK,
        }
    }

    /// From this address, behind a proxy.
    pub(crate) fn seen_from(mut self, address: &str) -> Self {
        self.address = Some(address.to_owned());
        self
    }

    pub(crate) async fn open(&mut self, path: &str) {
        self.go(Method::GET, path.to_owned(), None).await;
    }

    /// Sends a form with files: of each its field, its name and its bytes.
    pub(crate) async fn send_with_files(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) {
        const END: &str = "------the-end-of-a-part";
        let mut form = Vec::new();
        for (name, value) in [("csrf", self.csrf.as_str())].iter().chain(fields) {
            let head = format!("--{END}\r\nContent-Disposition: form-data; name=\"{name}\"");
            form.extend_from_slice(format!("{head}\r\n\r\n{value}\r\n").as_bytes());
        }
        for (name, file, bytes) in files {
            let head = format!(
                "--{END}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            form.extend_from_slice(&[head.as_bytes(), bytes, b"\r\n"].concat());
        }
        form.extend_from_slice(format!("--{END}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={END}");
        self.go(Method::POST, path.to_owned(), Some((kind, form))).await;
    }

    /// Sends a form of the page that is shown.
    pub(crate) async fn send(&mut self, path: &str, fields: &[(&str, &str)]) {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &self.csrf).extend_pairs(fields);
        let kind = "application/x-www-form-urlencoded".to_owned();
        self.go(Method::POST, path.to_owned(), Some((kind, form.finish().into_bytes()))).await;
    }

    pub(crate) async fn send_here(&mut self, fields: &[(&str, &str)]) {
        let path = self.path.clone();
        self.send(&path, fields).await;
    }

    async fn go(
        &mut self,
        mut method: Method,
        mut path: String,
        mut form: Option<(String, Vec<u8>)>,
    ) {
        for _ in 0..8 {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let mut request = self
                .client
                .request(method.clone(), format!("{}{path}", self.url))
                .header(ACCEPT, "text/html,*/*")
                .header(USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0")
                .header(COOKIE, cookies.join("; "));
            if let Some(address) = &self.address {
                request = request.header("x-forwarded-for", address);
            }
            if let Some((kind, form)) = form.take() {
                request = request.header(CONTENT_TYPE, kind).body(form);
            }
            let response = request.send().await.unwrap();
            self.status = response.status();
            self.headers = response.headers().clone();
            self.keep_cookies();
            if self.status != StatusCode::SEE_OTHER {
                self.path = path;
                self.html = response.text().await.unwrap().replace("&#x2f;", "/");
                if self.html.contains("name=\"csrf\"") {
                    self.csrf = self.between("name=\"csrf\" value=\"", "\"").to_owned();
                }
                return;
            }
            path = self.header(LOCATION.as_str()).to_owned();
            method = Method::GET;
        }
        panic!("it leads round in circles: {path}");
    }

    fn keep_cookies(&mut self) {
        for line in self.headers.get_all(SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (pair, attributes) = line.split_once(';').unwrap();
            assert!(
                attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"),
                "{line}"
            );
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Follows one redirect that leads away, and says where to.
    pub(crate) async fn leave(&mut self, path: &str) -> String {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.get(format!("{}{path}", self.url));
        let response = request.header(COOKIE, cookies.join("; ")).send().await.unwrap();
        assert!(response.status().is_redirection(), "{}", response.status());
        response.headers()[LOCATION].to_str().unwrap().to_owned()
    }

    pub(crate) fn has_cookie(&self, name: &str) -> bool {
        self.cookies.contains_key(name)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// What stands between two texts of the page.
    pub(crate) fn between(&self, before: &str, after: &str) -> &str {
        let missing = || panic!("{} {}: {}", self.status, self.path, self.html);
        let (_, rest) = self.html.split_once(before).unwrap_or_else(missing);
        rest.split(after).next().unwrap()
    }

    /// The latest letter with `words` in it, once it has come.
    pub(crate) async fn letter_sent(&self, words: &str) -> String {
        let mut reader = Self::at(&self.url);
        for _ in 0..400 {
            reader.open("/mailbox").await;
            let found = reader.html.split("<li class=\"card\">").find(|item| item.contains(words));
            if let Some(letter) = found {
                return letter.to_owned();
            }
            sekisho::world::pause(Duration::from_millis(25)).await;
        }
        panic!("no letter with {words}: {}", reader.html);
    }

    /// How many letters went to `to` so far.
    pub(crate) async fn letters_to(&self, to: &str) -> usize {
        let mut reader = Self::at(&self.url);
        reader.open("/mailbox").await;
        reader.html.split("<li class=\"card\">").skip(1).filter(|item| item.contains(to)).count()
    }

    /// The code in the latest letter to `to`, once there are `count`.
    pub(crate) async fn code_of_letter(&self, to: &str, count: usize) -> String {
        for _ in 0..400 {
            if self.letters_to(to).await >= count {
                return self.code_sent(to).await;
            }
            sekisho::world::pause(Duration::from_millis(25)).await;
        }
        panic!("there are not {count} letters to {to}");
    }

    /// The code in the latest letter to `to`.
    pub(crate) async fn code_sent(&self, to: &str) -> String {
        let letter = self.letter_sent(to).await;
        let words = letter.split(|sign: char| !sign.is_ascii_digit());
        words.into_iter().find(|word| word.len() == 6).unwrap().to_owned()
    }
}

/// The code that an app with this secret shows, some steps from now (RFC 6238 §4, RFC 4226 §5.3).
pub(crate) fn totp(secret: &str, steps: i64) -> String {
    use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
    let seed = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let step = sekisho::world::World::real().now().0 / 30_000_000 + steps;
    let mac = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &seed), &step.to_be_bytes());
    let mac = mac.as_ref();
    let at = usize::from(mac[19] & 0xf);
    let number = u32::from_be_bytes(mac[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}
