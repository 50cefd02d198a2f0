import { describe, expect, it } from '@jest/globals';
import { EngineRateLimitedError, EngineRejectedError, EngineUnavailableError } from '@parley/translation';
import { EndpointCondition } from '../src/engine/endpoint-condition.ts';

const gone = new EngineUnavailableError('ECONNREFUSED');
const refused = new EngineRejectedError('status 404 model_not_found');

describe('EndpointCondition', () => {
  it('goes by the last check, and by a call that succeeded since', () => {
    const endpoint = new EndpointCondition();
    expect(endpoint.trouble(0)).toBeUndefined();
    endpoint.checked(gone);
    expect(endpoint.trouble(0)).toBe('ECONNREFUSED');
    endpoint.checked(undefined);
    expect(endpoint.trouble(0)).toBeUndefined();
    endpoint.checked(gone);
    endpoint.called('translated', undefined, 5);
    expect(endpoint.trouble(5)).toBeUndefined();
    expect(endpoint.workedAtMs).toBe(5);
  });

  it('takes one that limits the rate of checks or of calls for one that is there', () => {
    const endpoint = new EndpointCondition();
    endpoint.checked(new EngineRateLimitedError('429', 1000));
    endpoint.called('rate-limited', new EngineRateLimitedError('429', 1000), 0);
    expect(endpoint.trouble(0)).toBeUndefined();
  });

  it('says that a circuit is open, and why, as long as calls go on to fail or the checks do', () => {
    const endpoint = new EndpointCondition();
    endpoint.called('unavailable', gone, 1000);
    expect(endpoint.trouble(1000)).toBeUndefined();
    endpoint.circuitChanged('open');
    expect(endpoint.trouble(1000)).toBe('circuit open: ECONNREFUSED');
    endpoint.circuitChanged('half-open');
    expect(endpoint.trouble(16_000)).toBe('circuit open: ECONNREFUSED');
    expect(endpoint.trouble(16_001)).toBeUndefined();
    endpoint.circuitChanged('closed');
    expect(endpoint.trouble(1000)).toBeUndefined();
  });

  it('says that calls are refused: at once where none ever succeeded, else after three in a row', () => {
    const wrongModel = new EndpointCondition();
    wrongModel.called('rejected', refused, 0);
    expect(wrongModel.trouble(0)).toBe('status 404 model_not_found');
    wrongModel.checked(undefined);
    expect(wrongModel.trouble(0)).toBe('status 404 model_not_found');

    const lostKey = new EndpointCondition();
    lostKey.called('translated', undefined, 0);
    for (let refusals = 0; refusals < 2; refusals++) lostKey.called('rejected', refused, 0);
    expect(lostKey.trouble(0)).toBeUndefined();
    lostKey.called('rejected', refused, 0);
    expect(lostKey.trouble(0)).toBe('status 404 model_not_found');
    lostKey.called('translated', undefined, 0);
    expect(lostKey.trouble(0)).toBeUndefined();
  });

  it('I16: tells only the name of an error that is not the engine’s: its message may quote what was said', () => {
    const endpoint = new EndpointCondition();
    endpoint.checked(new SyntaxError('unexpected "good morning"'));
    expect(endpoint.trouble(0)).toBe('SyntaxError');
  });
});
