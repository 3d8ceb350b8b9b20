// Verifies a Data Integrity credential: node verify.mjs < {"contexts": {url: context}, "method": {...}, "documents": [...]}
// Prints one JSON list of true or false. Nothing is fetched: every address has to be among those given.
import {readFileSync} from 'node:fs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import jsigs from 'jsonld-signatures';

const given = JSON.parse(readFileSync(0, 'utf8'));
const known = new Map(Object.entries(given.contexts));
known.set(given.method.id, given.method);
known.set(given.method.controller, {
  '@context': 'https://www.w3.org/ns/did/v1',
  id: given.method.controller,
  assertionMethod: [given.method.id],
});

const documentLoader = async url => {
  if(!known.has(url)) {
    throw new Error(`not given: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: known.get(url)};
};

const answers = [];
for(const document of given.documents) {
  const result = await jsigs.verify(document, {
    suite: new DataIntegrityProof({cryptosuite}),
    purpose: new jsigs.purposes.AssertionProofPurpose(),
    documentLoader,
  });
  if(!result.verified && process.env.WHY) {
    console.error(JSON.stringify(result.error, null, 2), result.error.errors);
  }
  answers.push(result.verified);
}
console.log(JSON.stringify(answers));
