// A PDF with a digital signature (RFC 5652, detached, RSA with SHA-256) of a signer whose root nobody knows, put together by hand: what a clerk
// gets from signing software. Two certificates: a root and the signer.

import { createHash, createSign, generateKeyPairSync } from "node:crypto";

const der = (tag, ...parts) => {
  const body = Buffer.concat(parts);
  const size = body.length < 128 ? [body.length]
    : body.length < 256 ? [0x81, body.length]
      : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...parts) => der(0x30, ...parts);
const set = (...parts) => der(0x31, ...parts);
const integer = number => der(0x02, Buffer.from([number]));
const octets = bytes => der(0x04, bytes);
const bits = bytes => der(0x03, Buffer.from([0]), bytes);
const text = words => der(0x0c, Buffer.from(words, "utf8"));
const yes = der(0x01, Buffer.from([255]));
const utc = day => der(0x17, Buffer.from(day.toISOString().replaceAll(/[-:T]/g, "").slice(2, 14) + "Z"));
const oid = dotted => {
  const [a, b, ...rest] = dotted.split(".").map(Number);
  const bytes = [a * 40 + b];
  for (const part of rest) {
    const groups = [part & 127];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left & 127) | 128);
    bytes.push(...groups);
  }
  return der(0x06, Buffer.from(bytes));
};

const NULL = der(0x05);
const SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"), NULL);
const RSA = sequence(oid("1.2.840.113549.1.1.1"), NULL);
const RSA_SHA256 = sequence(oid("1.2.840.113549.1.1.11"), NULL);
const name = words => sequence(set(sequence(oid("2.5.4.3"), text(words))));
const sign = (bytes, key) => createSign("sha256").update(bytes).sign(key);
const DAY = 86_400_000;

function certificate(serial, subject, key, issuer, issuerKey, isRoot) {
  const now = Date.now();
  const extensions = sequence(
    sequence(oid("2.5.29.19"), yes, octets(isRoot ? sequence(yes) : sequence())),
    // keyCertSign for the root, digitalSignature for the signer.
    sequence(oid("2.5.29.15"), yes, octets(der(0x03, Buffer.from(isRoot ? [2, 4] : [7, 128])))),
  );
  const tbs = sequence(
    der(0xa0, integer(2)), integer(serial), RSA_SHA256, name(issuer),
    sequence(utc(new Date(now - 30 * DAY)), utc(new Date(now + 300 * DAY))), name(subject),
    key.publicKey.export({ type: "spki", format: "der" }), der(0xa3, extensions),
  );
  return sequence(tbs, RSA_SHA256, bits(sign(tbs, issuerKey)));
}

function cms(content) {
  const root = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signer = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const [rootName, signerName] = ["CA thử, không có thật", "Nguyễn Văn Mẫu"];
  const certificates = [
    certificate(2, signerName, signer, rootName, root.privateKey, false),
    certificate(1, rootName, root, rootName, root.privateKey, true),
  ];
  const attributes = [
    sequence(oid("1.2.840.113549.1.9.3"), set(oid("1.2.840.113549.1.7.1"))),
    sequence(oid("1.2.840.113549.1.9.5"), set(utc(new Date()))),
    sequence(oid("1.2.840.113549.1.9.4"), set(octets(createHash("sha256").update(content).digest()))),
  ].sort(Buffer.compare);
  const signature = sign(set(...attributes), signer.privateKey);
  const info = sequence(
    integer(1), sequence(name(rootName), integer(2)), SHA256, der(0xa0, ...attributes), RSA, octets(signature),
  );
  const signed = sequence(
    integer(1), set(SHA256), sequence(oid("1.2.840.113549.1.7.1")), der(0xa0, ...certificates), set(info),
  );
  return sequence(oid("1.2.840.113549.1.7.2"), der(0xa0, signed));
}

// The file: one page, one signature field that covers every byte but the signature.
export function signedPdf() {
  const ROOM = 12_000;
  const mark = "<".padEnd(ROOM + 1, "0") + ">";
  const range = "[0 0000000000 0000000000 0000000000]";
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] /SigFlags 3 >> >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [4 0 R] >>",
    "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Chu ky) /Rect [0 0 0 0] /P 3 0 R /V 5 0 R >>",
    `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange ${range} /Contents ${mark} >>`,
  ];
  let file = "%PDF-1.7\n";
  const places = objects.map((object, at) => {
    const place = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map(place => `${String(place).padStart(10, "0")} 00000 n \n`).join("")}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  const begins = file.indexOf(mark);
  const ends = begins + mark.length;
  const numbers = [begins, ends, file.length - ends].map(number => String(number).padStart(10, "0"));
  file = file.replace(range, `[0 ${numbers.join(" ")}]`);
  const bytes = Buffer.from(file, "latin1");
  const signature = cms(Buffer.concat([bytes.subarray(0, begins), bytes.subarray(ends)])).toString("hex");
  if (signature.length > ROOM) throw new Error("the signature does not fit");
  bytes.write(signature, begins + 1, "latin1");
  return bytes;
}
