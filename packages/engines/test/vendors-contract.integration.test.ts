import { vendors } from './corpus/vendors.ts';
import { describeEngineContract } from './engine-contract.ts';
import { startVendorFixture } from './vendor-fixture.ts';

for (const vendor of vendors) {
  describeEngineContract(`as ${vendor.name} documents it`, (given) => startVendorFixture(vendor, given));
}
