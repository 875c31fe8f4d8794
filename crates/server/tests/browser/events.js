// One household of one, invented, whose house a flood took: enough for an alert.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

// The order code 000 is never issued, so the number belongs to nobody.
const idNumber = (division, birth) => {
  const body = `${division.slice(0, 6)}${birth}000`;
  const sum = [...body].reduce((total, digit, at) => total + Number(digit) * WEIGHTS[at], 0);
  return body + '10X98765432'[sum % 11];
};

const day = (back) => new Date(Date.now() + 8 * 3600e3 - back * 86400e3).toISOString().slice(0, 10);

export const flood = (division, mark) => {
  const household = `BT-${mark}`;
  const birth = `19${String(50 + (mark % 40)).padStart(2, '0')}0${1 + (mark % 9)}1${mark % 10}`;
  const event = (type, data) => ({
    specversion: '1.0',
    id: `${household}-${type}`,
    source: 'urn:doudi:browser-test',
    type: `cn.doudi.${type}.v1`,
    time: new Date().toISOString(),
    subject: `household:${household}`,
    data,
  });
  const member = { id: idNumber(division, birth), name: '测一三', relation: 'head' };
  return [
    event('household.registered', { division, address: '测试路1号', on: day(200), members: [member] }),
    event('disaster.loss', { kind: 'flood', on: day(0), loss: 8000000 }),
  ];
};

export const send = async (url, events) => {
  const answer = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: JSON.stringify(events),
  });
  return { status: answer.status, body: await answer.json() };
};
